# The same, where the lock is gone by the time of the write, or came too late.
#% the block is the transaction -> enter
def enter(request):
    with transaction.atomic():
        connection.cursor().execute("LOCK TABLE entry IN EXCLUSIVE MODE")
        highest = Entry.objects.aggregate(highest=Max("position"))["highest"]
    Entry.objects.create(position=highest + 1)
#% the caller is in no transaction -> Entry.save
class Entry(models.Model):
    position = models.IntegerField()
    def save(self, **kwargs):
        if self.position is None:
            self.position = Entry.next_position()
        super().save(**kwargs)
    @staticmethod
    def next_position():
        with transaction.atomic():
            connection.cursor().execute("LOCK TABLE entry IN EXCLUSIVE MODE")
            return (Entry.objects.aggregate(highest=Max("position"))["highest"] or 0) + 1
#% two calls away, and in no transaction -> enter
@transaction.atomic
def next_position():
    connection.cursor().execute("SELECT pg_advisory_xact_lock(3)")
    return Entry.objects.aggregate(highest=Max("position"))["highest"] + 1
def position_for(request):
    return next_position()
def enter(request):
    Entry.objects.create(position=position_for(request))
#% the block is a transaction of another database -> enter
@transaction.atomic
def enter(request):
    with transaction.atomic(using="archive"):
        connections["archive"].cursor().execute("LOCK TABLE entry IN EXCLUSIVE MODE")
        highest = Entry.objects.aggregate(highest=Max("position"))["highest"]
    Entry.objects.create(position=highest + 1)
#% locked after the question -> enter
@transaction.atomic
def enter(request):
    highest = Entry.objects.aggregate(highest=Max("position"))["highest"]
    connection.cursor().execute("SELECT pg_advisory_xact_lock(3)")
    Entry.objects.create(position=highest + 1)
#% locked after the question, by a called function -> enter
@transaction.atomic
def shut():
    connection.cursor().execute("SELECT pg_advisory_xact_lock(3)")
@transaction.atomic
def enter(request):
    highest = Entry.objects.aggregate(highest=Max("position"))["highest"]
    shut()
    Entry.objects.create(position=highest + 1)
