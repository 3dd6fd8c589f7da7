#% the query after a failed insert, in the same transaction -> find_or_make
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


@transaction.atomic
def find_or_make(name):
    try:
        tag = Tag.objects.create(name=name)
    except IntegrityError:
        tag = Tag.objects.get(name=name)
    return tag
#% missed: a transaction that only the deployment knows: a row saved, and the winner taken instead -> Tracker.visit
class Visit(models.Model):
    key = models.CharField(max_length=40, primary_key=True)
    seconds = models.IntegerField(default=0)


class Tracker:
    def visit(self, request):
        try:
            visit = Visit.objects.get(pk=request.session.session_key)
        except Visit.DoesNotExist:
            visit = Visit(pk=request.session.session_key)
        visit.seconds = 5
        try:
            visit.save()
        except IntegrityError:
            visit = Visit.objects.get(pk=request.session.session_key)
        return visit
#% inside a block of its own, and what follows the handler -> import_rows
class Person(models.Model):
    email = models.EmailField(unique=True)


def import_rows(rows):
    with transaction.atomic():
        for row in rows:
            try:
                Person.objects.create(email=row["email"])
            except IntegrityError:
                continue
        Import.objects.create(rows=len(rows))
#% the handler updates instead -> score
class Score(models.Model):
    player = models.OneToOneField(User, on_delete=models.CASCADE)
    points = models.IntegerField(default=0)


def score(request, points):
    with transaction.atomic():
        try:
            Score.objects.create(player=request.user, points=points)
        except IntegrityError:
            Score.objects.filter(player=request.user).update(points=F("points") + points)
#% another try with another number -> Invoice.number_it
class Invoice(models.Model):
    number = models.IntegerField(unique=True, null=True)

    @transaction.atomic
    def number_it(self, first):
        for number in range(first, first + 5):
            try:
                self.number = number
                self.save()
                return number
            except IntegrityError:
                pass
        return None
#% a helper that is right by itself, called in a transaction -> find_or_make|enrol
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


def find_or_make(name):
    try:
        return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name=name)


@transaction.atomic
def enrol(request):
    tag = find_or_make(request.POST["tag"])
    Enrolment.objects.create(user=request.user, tag=tag)
#% suppressed, and counted all the same -> join
@transaction.atomic
def join(request, pk):
    with suppress(IntegrityError):
        Membership.objects.create(team_id=pk, user=request.user)
    Team.objects.filter(pk=pk).update(size=F("size") + 1)
#% made in a function that is called, and the handler is where it is called -> ensure
class Label(models.Model):
    name = models.CharField(max_length=40, unique=True)
def make(name):
    return Label.objects.create(name=name.strip())
def ensure(name):
    try:
        return make(name)
    except IntegrityError:
        return Label.objects.get(name=name)
@transaction.atomic
def label_all(names):
    return [ensure(name) for name in names]
