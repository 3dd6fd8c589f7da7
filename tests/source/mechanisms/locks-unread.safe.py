#% the lock is kept when refined
class TaskManager(models.Manager):
    def due(self):
        tasks = self.select_for_update()
        tasks = tasks.filter(when__lte=timezone.now())
        return tasks.filter(enabled=True)
#% one arm locks, the other does not
@transaction.atomic
def pick(pk, lock):
    if lock:
        jobs = Job.objects.select_for_update()
    else:
        jobs = Job.objects.all()
    return jobs.get(pk=pk)
#% the first is read before the name is used again
@transaction.atomic
def both(account, card):
    rows = Account.objects.select_for_update().filter(pk=account)
    first = rows.get()
    rows = Card.objects.select_for_update().filter(pk=card)
    second = rows.get()
    return first, second
#% looked up under a lock
@transaction.atomic
def replace_cart(request, lines):
    bool(User.objects.select_for_update().filter(pk=request.user.pk))
    Cart.objects.filter(user=request.user).delete()
    return Cart.objects.create(user=request.user, lines=lines)
#% exists() keeps the lock: SELECT 1 … LIMIT 1 FOR UPDATE
def replace_cart(request, lines):
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=request.user.pk).exists()
        Cart.objects.filter(user=request.user).delete()
        return Cart.objects.create(user=request.user, lines=lines)
#% a handler sets the name anew
@transaction.atomic
def pick(pk):
    try:
        jobs = Job.objects.select_for_update(nowait=True)
    except NotSupportedError:
        jobs = Job.objects.all()
    return jobs.get(pk=pk)
#% set in each turn of a loop, and read there
@transaction.atomic
def each(pks):
    for pk in pks:
        jobs = Job.objects.select_for_update().filter(pk=pk)
        if pk in SKIPPED:
            continue
        jobs.update(state="done")
        print(list(jobs))
