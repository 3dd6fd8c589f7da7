# Beside what holds already: the same, and one thing is missing.
#% put off, and what is due is done whatever was changed -> run_due
def run_due():
    job = Job.objects.filter(due__lt=now()).order_by("due").first()
    free = Job.objects.filter(pk=job.pk, state=job.state)
    if job.is_early():
        free.update(due=job.later())
        return
    free.update(due=None, state="running")
    Report.objects.create(job=job)
#% a helper whose lock is another function's -> dispatch_due
def alone(number):
    def decorate(f):
        @functools.wraps(f)
        def inner(self, *args):
            log.info("runs %s", number)
            with transaction.atomic():
                return f(self, *args)
        return inner
    return decorate
def dispatch_due():
    for plan in Plan.objects.filter(next__lte=now()):
        plan.next += plan.step
        plan.save(update_fields=["next"])
class Worker:
    @alone(7)
    def plan(self):
        dispatch_due()
#% a limit in numbers, of which as many are asked for -> add_tags
def add_tags(note, names):
    if note.tags.count() + len(names) > 10:
        raise ValueError()
    for name in names:
        Tag.objects.create(note=note, name=name)
#% used as it was found -> replace
def replace(shelf, book):
    old = shelf.book
    notify_owner.delay(old.pk)
    shelf.book = book
    shelf.save()
#% locked with another state, which nobody has tested -> end_loan
class Loan(models.Model):
    copy = models.ForeignKey("Copy", null=True, on_delete=models.CASCADE)
    def give_back(self):
        with transaction.atomic():
            found = Loan.objects.select_for_update().filter(pk=self.pk)
            self = list(found)[0]
            Fee.objects.create(loan=self)
            self.copy = None
            self.save()
def end_loan(pk):
    loan = Loan.objects.get(pk=pk)
    if loan.copy:
        loan.give_back()
#% one that is missing is made, and nothing of it is locked -> fill
def fill(rack, wanted):
    with transaction.atomic():
        there = {one.slot: one for one in Place.objects.filter(rack=rack)}
        for slot in wanted:
            if slot not in there:
                Place.objects.create(rack=rack, slot=slot)
#% locked where it is there, and nothing refuses a second one -> add_stock
class Stock(models.Model):
    shop = models.ForeignKey("Shop", on_delete=models.CASCADE)
    item = models.ForeignKey("Item", on_delete=models.CASCADE)
    n = models.IntegerField()
@transaction.atomic
def add_stock(shop, item, n):
    stock = Stock.objects.select_for_update().filter(shop=shop, item=item).first()
    if stock is None:
        Stock.objects.create(shop=shop, item=item, n=n)
#% in the handler, for another table -> store
class Blob(models.Model):
    digest = models.CharField(max_length=64, unique=True)
def store(digest, note):
    try:
        with transaction.atomic():
            Blob.objects.create(digest=digest)
    except IntegrityError:
        if not Notice.objects.filter(digest=digest).exists():
            Notice.objects.create(digest=digest)
#% a list that somebody else has made up -> finish
def store_columns(task, names):
    task.save(update_fields=names)
def finish(pk):
    task = Task.objects.get(pk=pk)
    with transaction.atomic():
        Task.objects.select_for_update().get(pk=pk)
        task.points += 1
        store_columns(task, ["points"])
#% added up by the database, beside a sum that is not -> count
class AddToKey(Func):
    function = "jsonb_set"
def count(pk, n):
    total = Total.objects.get(pk=pk)
    Total.objects.filter(pk=total.pk).update(parts=AddToKey("parts", n), sum=total.sum + n)
#% compared with what the client has seen, under a name -> edit
def edit(request, pk):
    page = Page.objects.get(pk=pk)
    seen = request.data["seen"]
    if page.modified_at > seen:
        raise Conflict()
    page.text = request.data["text"]
    page.save(update_fields=["text"])
#% each by itself, where all at once were refused, and told of -> Command.handle
class Command(BaseCommand):
    def handle(self, *args, **options):
        while True:
            rows = list(Leaf.objects.filter(code=None)[:50])
            if not rows:
                break
            for leaf in rows:
                leaf.code = code_of(leaf)
                leaf.save(update_fields=["code"])
                send_mail("coded", leaf.code, None, [leaf.owner])
#% put into the handler of another insert, without a second try's reason -> enter
class Guest(models.Model):
    code = models.CharField(max_length=9, unique=True)
def enter(code, team):
    try:
        with transaction.atomic():
            Guest.objects.create(code=code)
    except IntegrityError:
        if team.guests.count() < team.places:
            Seat.objects.create(team=team)
        if not Seat.objects.filter(code=code).exists():
            Seat.objects.create(code=code)
#% the file of a row that was locked, and what the row says -> finish
def locked_job(pk):
    with transaction.atomic():
        return Job.objects.select_for_update().get(pk=pk)
def finish(pk):
    job = locked_job(pk)
    if job.is_open:
        job.result = "done"
        job.save(update_fields=["result"])
#% refused with an answer -> place
class Order(models.Model):
    number = models.CharField(max_length=9, unique=True)
def place(number, total):
    if Order.objects.filter(number=number).exists():
        raise ValidationError("placed already")
    return Order.objects.create(number=number, total=total)
#% a mistake, and no constraint says the same -> place
class Order(models.Model):
    number = models.CharField(max_length=9)
def place(number, total):
    if Order.objects.filter(number=number).exists():
        raise ValueError("placed already")
    return Order.objects.create(number=number, total=total)
#% a later end, and what is made for who has moved it -> extend
def extend(visit, until, user):
    Visit.objects.filter(pk=visit.pk, state="open").update(state="extended")
    Bill.objects.create(visit=visit, user=user)
#% counted up beside a check of its own -> rename
def rename(site, name):
    if site.name != name:
        site.name = name
        site.full_clean()
        send_mail("renamed", name, None, [site.owner])
        site.save(update_fields=["name"])
#% the last ones that have to stay -> leave
def leave(team, user):
    if team.owners.count() < 2:
        raise ValueError()
    team.owners.filter(user=user).delete()
#% not used for long, and somebody may be using it now -> drop
class Session(models.Model):
    touched = models.DateTimeField()
    pinned = models.BooleanField(default=False)
def drop(pk):
    session = Session.objects.get(pk=pk)
    if session.pinned:
        return
    session.delete()
def pin(pk):
    Session.objects.filter(pk=pk).update(pinned=True)
