#% read before the mutex is held, tested and changed under it -> publish
def publish(pk):
    poll = Poll.objects.get(pk=pk)
    with cache.lock(f"poll-{pk}"):
        if poll.state != "draft":
            raise AlreadyOut()
        poll.state = "out"
        poll.save(update_fields=["state"])
        announce.delay(poll.pk)
#% the mutex is a service's, the row its caller's -> Hatch.open|release
class Hatch:
    def __init__(self, vessel):
        self.vessel = vessel
    def open(self):
        with redis.lock("hatch-%s" % self.vessel.pk, timeout=30):
            if self.vessel.state != "closed":
                raise Opened()
            self.vessel.state = "open"
            self.vessel.save()
            Log.objects.create(vessel=self.vessel, text="opened")
def release(request, pk):
    vessel = get_object_or_404(Vessel, pk=pk)
    Hatch(vessel).open()
#% a count that was read before -> take
def take(pk):
    shelf = Shelf.objects.get(pk=pk)
    with cache.lock("shelf:%s" % pk):
        shelf.books -= 1
        shelf.save(update_fields=["books"])
