#% read under the mutex
def publish(pk):
    with cache.lock(f"poll-{pk}"):
        poll = Poll.objects.get(pk=pk)
        if poll.state != "draft":
            raise AlreadyOut()
        poll.state = "out"
        poll.save(update_fields=["state"])
        announce.delay(poll.pk)
#% read again under it
class Hatch:
    def __init__(self, vessel):
        self.vessel = vessel
    def open(self):
        with redis.lock("hatch-%s" % self.vessel.pk, timeout=30):
            self.vessel.refresh_from_db()
            if self.vessel.state != "closed":
                raise Opened()
            self.vessel.state = "open"
            self.vessel.save(update_fields=["state"])
            Log.objects.create(vessel=self.vessel, text="opened")
def release(request, pk):
    vessel = get_object_or_404(Vessel, pk=pk)
    Hatch(vessel).open()
#% asked of the table under it
def publish(pk):
    poll = Poll.objects.get(pk=pk)
    with cache.lock(f"poll-{pk}"):
        if not Poll.objects.filter(pk=pk, state="draft").exists():
            raise AlreadyOut()
        poll.state = "out"
        poll.save(update_fields=["state"])
        announce.delay(poll.pk)
#% the caller holds it from before the read
def turn(shelf):
    if shelf.books == 0:
        raise Empty()
    shelf.books -= 1
    shelf.save(update_fields=["books"])
def take(pk):
    with cache.lock("shelf:%s" % pk):
        turn(Shelf.objects.get(pk=pk))
