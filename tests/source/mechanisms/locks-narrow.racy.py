#% a lock for each visitor, and counted is the desk -> admit
def admit(desk, visitor_id):
    with redis_lock(f"admit:{desk.pk}:{visitor_id}"):
        if Visit.objects.filter(desk=desk).count() >= desk.places:
            raise ValueError("full")
        Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% the key has a name, and the lock is the project's own -> process
class Visit(models.Model):
    desk = models.ForeignKey("Desk", on_delete=models.CASCADE)
    guest = models.CharField(max_length=40)
    status = models.CharField(max_length=10)
@contextmanager
def try_lock(key, timeout=10):
    lock = cache.lock(key, timeout=timeout)
    acquired = lock.acquire(blocking=True)
    try:
        yield acquired
    finally:
        if acquired:
            lock.release()
def process(desk, form):
    guest = form.get("guest")
    lock_key = f"visit:{desk.id}:{guest}"
    with try_lock(lock_key) as acquired, transaction.atomic():
        if not acquired:
            raise ValueError("again, please")
        count = Visit.objects.filter(desk=desk).exclude(status="trial").count()
        visit = Visit(desk=desk, guest=guest)
        if count >= desk.places:
            visit.status = "over"
        visit.save()
#% one name for each caller, and looked for is the name -> register
class Team(models.Model):
    event = models.ForeignKey("Event", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
def register(request, event):
    name = request.POST["name"]
    with cache_lock(f"{event.pk}/{name}/{request.user.pk}"):
        if Team.objects.filter(event=event, name=name).exists():
            raise ValueError("taken")
        Team.objects.create(event=event, name=name)
#% the same, called by another -> admit
def admit(desk, visitor_id):
    with redis_lock(f"admit:{desk.pk}:{visitor_id}"):
        if Visit.objects.filter(desk=desk).count() >= desk.places:
            raise ValueError("full")
        Visit.objects.create(desk=desk, visitor_id=visitor_id)
def receive(request, pk):
    desk = Desk.objects.get(pk=pk)
    admit(desk, request.POST["visitor"])
