# As in the file beside this one, without what makes it right.
#% whoever has a token writes, while it may be revoked -> enter
class Token(models.Model):
    key = models.CharField(max_length=64, unique=True)
class Seat(models.Model):
    number = models.IntegerField()
def enter(request):
    try:
        token = Token.objects.get(key=request.headers["Authorization"])
    except Token.DoesNotExist:
        return JsonResponse({"new": True})
    Seat.objects.create(number=4)
    return JsonResponse({"name": token.key})
#% written after either -> enter
class Token(models.Model):
    key = models.CharField(max_length=64, unique=True)
class Seat(models.Model):
    number = models.IntegerField()
def enter(request):
    try:
        token = Token.objects.get(key=request.headers["Authorization"])
    except Token.DoesNotExist:
        Seat.objects.create(number=4)
        token = None
    Seat.objects.create(number=5)
    return JsonResponse({"token": token})
#% columns are named, and another is changed elsewhere -> change
class Trait(models.Model):
    key = models.CharField(max_length=20)
    text = models.TextField()
    number = models.IntegerField(default=0)
def bump(pk, by):
    Trait.objects.filter(pk=pk).update(number=by)
def change(pk, text):
    trait = Trait.objects.get(pk=pk)
    trait.text = text
    trait.save()
#% named at run time and saved as such; then another is named, and all are saved -> change
class Trait(models.Model):
    key = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    number = models.IntegerField(default=0)
def bump(pk, by):
    Trait.objects.filter(pk=pk).update(number=by)
def change(pk, values):
    trait = Trait.objects.get(pk=pk)
    for name, value in values.items():
        setattr(trait, name, value)
    trait.save(update_fields=list(values))
    trait.state = "pending"
    trait.save()
#% counted and added are of one relation -> relate
class Thread(models.Model):
    title = models.CharField(max_length=200)
    related = models.ManyToManyField("self")
def relate(thread: Thread, other):
    if thread.related.count() > 5:
        raise ValueError("full")
    thread.related.add(other)
#% counted by what they belong to, and added there -> enlist
class Team(models.Model):
    name = models.CharField(max_length=200)
class Player(models.Model):
    team = models.ForeignKey(Team, related_name="players", null=True, on_delete=models.CASCADE)
def enlist(team: Team, player: Player):
    if Player.objects.filter(team=team).count() >= 11:
        raise ValueError("full")
    team.players.add(player)
#% another row is locked by asking whether it is there -> switch
class Activity(models.Model):
    title = models.CharField(max_length=200)
class Signup(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE)
@transaction.atomic
def switch(user, block, activity):
    _ = Activity.objects.filter(id=activity.id).select_for_update().exists()
    signup = Signup.objects.get(user=user, activity__block=block)
    left = signup.activity
    signup.activity = activity
    signup.save()
    Departure.objects.create(user=user, activity=left)
#% only where it is different, and then somebody is told -> touch
def touch(entry, modified):
    if entry.modified != modified:
        entry.modified = modified
        entry.save(update_fields=["modified"])
        Change.objects.create(entry=entry)
#% taken where nobody has it -> take
def take(entry, holder):
    if entry.holder is None:
        entry.holder = holder
        entry.save(update_fields=["holder"])
#% the row of one getter, tested and changed -> refresh
class Entry(models.Model):
    name = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=20)
def entry_of(name):
    entry, created = Entry.objects.get_or_create(name=name)
    return entry
def refresh(name):
    entry = entry_of(name)
    if entry.state == "fresh":
        return None
    entry.state = "fresh"
    entry.save(update_fields=["state"])
    Change.objects.create(entry=entry)
#% a view takes the lock before its transaction -> BookingView.post
class BookingView(APIView):
    def post(self, request, pk):
        event = Event.objects.select_for_update().get(pk=pk)
        with transaction.atomic():
            event.booked = request.data["name"]
            event.save()
        return Response(status=201)
#% a helper that nobody calls in a transaction, and no framework calls -> Counter.increment
class Counter(models.Model):
    value = models.IntegerField(default=0)
    @classmethod
    def increment(cls, pk):
        counter = cls.objects.select_for_update().get(pk=pk)
        counter.value += 1
        counter.save()
        return counter.value
#% asked here and made there, where it could be handled -> Label.make
class Label(models.Model):
    name = models.CharField(max_length=20, unique=True)
    @classmethod
    def make(cls, name):
        return cls.objects.create(name=name)
def label_of(name):
    try:
        return Label.objects.get(name=name)
    except Label.DoesNotExist:
        return Label.make(name)
#% a call whose answer decides, and nothing keeps it single -> assign
class Assignment(models.Model):
    task = models.ForeignKey("Task", on_delete=models.CASCADE)
    worker = models.ForeignKey("Worker", on_delete=models.CASCADE)
def assign(task, worker):
    with transaction.atomic():
        assignment = Assignment.objects.create(task=task, worker=worker)
        answer = httpx.post(HQ, json={"worker": worker.name})
        answer.raise_for_status()
    return assignment
#% of the rows that are made with it, any number may be there -> grant
class Ask(models.Model):
    status = models.CharField(max_length=20)
class Extension(models.Model):
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE)
def grant(request, pk):
    ask = Ask.objects.get(pk=pk)
    if ask.status == "granted":
        return HttpResponse(status=409)
    try:
        with transaction.atomic():
            Extension.objects.create(ask=ask)
            ask.status = "granted"
            ask.save(update_fields=["status"])
    except IntegrityError:
        return HttpResponse(status=409)
    return HttpResponse(status=204)
#% only one can be made, but the charge came before -> grant
class Ask(models.Model):
    status = models.CharField(max_length=20)
class Extension(models.Model):
    ask = models.OneToOneField(Ask, on_delete=models.CASCADE)
def grant(request, pk):
    ask = Ask.objects.get(pk=pk)
    if ask.status == "granted":
        return HttpResponse(status=409)
    stripe.Charge.create(amount=5)
    try:
        with transaction.atomic():
            Extension.objects.create(ask=ask)
            ask.status = "granted"
            ask.save(update_fields=["status"])
    except IntegrityError:
        return HttpResponse(status=409)
    return HttpResponse(status=204)
#% counted on in a text -> publish
def publish(page):
    with transaction.atomic():
        page.version = following(page.version)
        page.save()
        page.revisions.add(Revision(page=page))
#% tested, then made for it, and set -> is_there|Thumbnailer.is_there
class Entry(models.Model):
    name = models.CharField(max_length=80, unique=True)
    modified = models.DateTimeField(null=True)
class Thumbnailer:
    def is_there(self):
        entry, created = Entry.objects.get_or_create(name=self.name)
        if entry.modified:
            return False
        Job.objects.create(entry=entry)
        entry.modified = timezone.now()
        entry.save(update_fields=["modified"])
        return True
#% what was tested is none of what was added under the lock -> add_part
def add_part(pk, part):
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=pk)
        job.parts.append(part)
        job.save(update_fields=["parts"])
    if job.state == "open":
        job.state = "closed"
        job.save(update_fields=["state"])
        Notice.objects.create(job=job)
