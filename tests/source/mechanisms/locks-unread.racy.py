#% the locked queryset is replaced by the next line -> TaskManager.due
class TaskManager(models.Manager):
    def due(self):
        tasks = self.select_for_update()
        tasks = self.filter(when__lte=timezone.now())
        return tasks.filter(enabled=True)
#% built from the manager again -> book
@transaction.atomic
def book(room_id, day):
    rooms = Room.objects.select_for_update()
    rooms = Room.objects.filter(pk=room_id)
    room = rooms.get()
    if room.taken_on(day):
        raise Taken
    Booking.objects.create(room=room, day=day)
#% locked in one arm only to be replaced -> pick
@transaction.atomic
def pick(kind, lock):
    jobs = Job.objects.filter(state="new")
    if lock:
        jobs = jobs.select_for_update(skip_locked=True)
    jobs = Job.objects.filter(kind=kind, state="new")
    job = jobs.first()
    if job:
        job.state = "running"
        job.save()
    return job
#% counted to lock -> draw
@transaction.atomic
def draw(raffle_id):
    Ticket.objects.select_for_update().filter(raffle_id=raffle_id).count()
    ticket = Ticket.objects.filter(raffle_id=raffle_id, drawn=False).first()
    ticket.drawn = True
    ticket.save()
    return ticket
#% refined, and the refinement not kept -> QueueView.get_queryset
class QueueView(ListAPIView):
    def get_queryset(self):
        queryset = Entry.objects.filter(done=False)
        queryset.select_for_update()
        return queryset
