# A lock that a statement takes lasts until the outermost transaction ends.
#% taken in a savepoint, written after it
@transaction.atomic
def enter(request):
    with transaction.atomic():
        connection.cursor().execute("LOCK TABLE entry IN EXCLUSIVE MODE")
        highest = Entry.objects.aggregate(highest=Max("position"))["highest"]
    Entry.objects.create(position=highest + 1)
#% taken by a called function, in its own block, for a caller that is in a transaction
class EntryManager(models.Manager):
    def shut(self):
        cursor = connection.cursor()
        cursor.execute("LOCK TABLE %s" % self.model._meta.db_table)
class Entry(models.Model):
    position = models.IntegerField()
    objects = EntryManager()
    @transaction.atomic
    def save(self, **kwargs):
        if self.position is None:
            self.position = Entry.next_position()
        super().save(**kwargs)
    @staticmethod
    def next_position():
        with transaction.atomic():
            Entry.objects.shut()
            return (Entry.objects.aggregate(highest=Max("position"))["highest"] or 0) + 1
#% two calls away, under a decorator
@transaction.atomic
def next_position():
    connection.cursor().execute("SELECT pg_advisory_xact_lock(3)")
    return Entry.objects.aggregate(highest=Max("position"))["highest"] + 1
def position_for(request):
    return next_position()
@transaction.atomic
def enter(request):
    Entry.objects.create(position=position_for(request))
#% asked again under the lock
@transaction.atomic
def enter(request):
    if Entry.objects.filter(owner=request.user).count() >= 3:
        return
    connection.cursor().execute("SELECT pg_advisory_xact_lock(3)")
    if Entry.objects.filter(owner=request.user).count() >= 3:
        return
    Entry.objects.create(owner=request.user)
