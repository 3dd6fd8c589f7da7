#% a savepoint around what may fail
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


@transaction.atomic
def find_or_make(name):
    try:
        with transaction.atomic():
            tag = Tag.objects.create(name=name)
    except IntegrityError:
        tag = Tag.objects.get(name=name)
    return tag
#% no transaction is seen around it
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


def find_or_make(name):
    try:
        return Tag.objects.create(name=name)
    except IntegrityError:
        return Tag.objects.get(name=name)
#% the handler leaves the transaction
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


def make(name):
    try:
        with transaction.atomic():
            tag = Tag.objects.create(name=name)
            Log.objects.create(tag=tag)
    except IntegrityError:
        tag = Tag.objects.get(name=name)
    return tag
#% the handler turns the request away
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


@transaction.atomic
def make(name):
    try:
        tag = Tag.objects.create(name=name)
    except IntegrityError:
        raise ValidationError("taken")
    Log.objects.create(tag=tag)
    return tag
#% what is reached by get_or_create has its savepoint
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


@transaction.atomic
def make(name):
    try:
        tag, _ = Tag.objects.get_or_create(name=name)
    except IntegrityError:
        tag = Tag.objects.get(name=name)
    return tag
#% a savepoint by hand
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)


@transaction.atomic
def make(name):
    point = transaction.savepoint()
    try:
        tag = Tag.objects.create(name=name)
        transaction.savepoint_commit(point)
    except IntegrityError:
        transaction.savepoint_rollback(point)
        tag = Tag.objects.get(name=name)
    return tag
#% suppressed around a transaction of its own
@transaction.atomic
def join(request, pk):
    with suppress(IntegrityError), transaction.atomic():
        Membership.objects.create(team_id=pk, user=request.user)
    Team.objects.filter(pk=pk).update(size=F("size") + 1)
#% the loop ends with the first that fails
@transaction.atomic
def receive(blocks):
    try:
        for block in blocks:
            Block.objects.create(key=block["key"])
    except IntegrityError:
        logger.error("twice")
#% made in a function that is called, with a savepoint where it is called
class Label(models.Model):
    name = models.CharField(max_length=40, unique=True)
def make(name):
    return Label.objects.create(name=name.strip())
def ensure(name):
    try:
        with transaction.atomic():
            return make(name)
    except IntegrityError:
        return Label.objects.get(name=name)
@transaction.atomic
def label_all(names):
    return [ensure(name) for name in names]
