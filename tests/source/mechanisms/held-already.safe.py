# What holds already: the database, a lock, or that it is the same once more.
#% put off on one arm; on the other, only who has changed a row goes on
def run_due():
    job = Job.objects.filter(due__lt=now()).order_by("due").first()
    if job is None:
        return False
    free = Job.objects.filter(pk=job.pk, state=job.state)
    try:
        early = job.is_early()
    except Exception:
        free.update(due=now() + HOUR)
        raise
    if early:
        free.update(due=job.later())
        return True
    if free.update(due=None, state="running") != 1:
        return True
    Report.objects.create(job=job)
    return True
#% a wrapper that asks for the lock in SQL
def alone(number):
    def decorate(f):
        @functools.wraps(f)
        def inner(self, *args):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
                    mine = cursor.fetchone()[0]
                if mine:
                    return f(self, *args)
                else:
                    return None
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
#% whether all of them are there, and no limit
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
def tags_of(names):
    there = Tag.objects.filter(name__in=names)
    if there.count() < len(names):
        for name in names:
            Tag.objects.get_or_create(name=name)
#% finished, and where that fails, finished with another word
class Job(models.Model):
    def end(self, state):
        self.state = state
        self.save(update_fields=["state"])
        Notice.objects.get_or_create(kind=self.state)
def run(job):
    try:
        work(job)
        job.end("done")
    except Broken:
        job.end("broken")
#% found by the line, and given that line
def gift(line, amount):
    with transaction.atomic():
        found, created = Discount.objects.get_or_create(line=line, kind="gift", defaults={"amount": amount})
    if not created:
        if found.line_id != line.id:
            found.line = line
        send_gift(found)
        found.save(update_fields=["line"])
#% locked with its state in the search, and there is none where another was faster
class Loan(models.Model):
    copy = models.ForeignKey("Copy", null=True, on_delete=models.CASCADE)
    def give_back(self):
        with transaction.atomic():
            found = Loan.objects.select_for_update().filter(pk=self.pk, ended=None)
            if not found:
                return
            self = list(found)[0]
            Fee.objects.create(loan=self)
            self.copy = None
            self.save()
def end_loan(pk):
    loan = Loan.objects.get(pk=pk)
    if loan.copy:
        loan.give_back()
#% a set that is brought to what it is to be under its lock
def fill(rack, wanted):
    with transaction.atomic():
        there = {one.slot: one for one in Place.objects.filter(rack=rack).select_for_update()}
        for slot, place in there.items():
            if slot not in wanted:
                place.delete()
        for slot in wanted:
            if slot not in there:
                Place.objects.create(rack=rack, slot=slot)
#% locked where it is there, and a constraint refuses a second first one
class Stock(models.Model):
    shop = models.ForeignKey("Shop", on_delete=models.CASCADE)
    item = models.ForeignKey("Item", on_delete=models.CASCADE)
    n = models.IntegerField()
    class Meta:
        unique_together = [["shop", "item"]]
@transaction.atomic
def add_stock(shop, item, n):
    stock = Stock.objects.select_for_update().filter(shop=shop, item=item).first()
    if stock is None:
        Stock.objects.create(shop=shop, item=item, n=n)
    else:
        stock.n += n
        stock.save()
#% refused, not to be found any more, and made once more
class Blob(models.Model):
    digest = models.CharField(max_length=64, unique=True)
def store(digest, where):
    blob = Blob(digest=digest, where=where)
    try:
        with transaction.atomic():
            blob.save()
    except IntegrityError:
        try:
            blob = Blob.objects.get(digest=digest)
        except Blob.DoesNotExist:
            blob = Blob(digest=digest, where=where)
            blob.save()
    return blob
#% a list that is made up where the row is saved does not name what was given to it before
def release(order):
    names = []
    if order.started_at is not None:
        order.started_at = None
        names.append("started_at")
    if names:
        order.save(update_fields=names)
def finish(pk):
    order = Order.objects.get(pk=pk)
    order.points += 1
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=pk)
        release(order)
#% added up by the project's own expression
class AddToKey(Func):
    function = "jsonb_set"
def count(pk, n):
    for total in Total.objects.filter(parts__has_key="n"):
        Total.objects.filter(pk=total.pk).update(parts=AddToKey("parts", n))
        Line.objects.create(total=total)
#% what goes with a document that the database merges
class Merge(Func):
    template = "%(expressions)s || %(changes)s"
def store_state(asset, changes):
    Asset.objects.filter(pk=asset.pk).update(data=Merge("data", changes), state=label(asset.state))
#% a time that is compared with the clock, by a name
def mark_as_old(pk):
    cutoff = now() - timedelta(days=30)
    item = Item.objects.get(pk=pk)
    if item.modified_at > cutoff:
        return
    item.shelf = "cellar"
    item.save(update_fields=["shelf"])
#% the same row, given what it holds, in a command
class Command(BaseCommand):
    def handle(self, *args, **options):
        for photo in Photo.objects.filter(base=""):
            self.stdout.write(f"photo {photo.pk}")
            Photo.objects.filter(pk=photo.pk).update(base=base_of(photo.path))
#% where a name is taken, another one
def name_it(pk):
    plant = Plant.objects.get(pk=pk)
    if not plant.label:
        try:
            with transaction.atomic():
                Plant.objects.filter(pk=plant.pk).update(label=plant.code)
        except IntegrityError:
            Plant.objects.filter(pk=plant.pk).update(label=f"{plant.code}-{uuid4()}")
#% each by itself, where all at once were refused
class Leaf(models.Model):
    code = models.CharField(max_length=9, null=True, unique=True)
    name = models.CharField(max_length=40)
    def fill(self):
        self.code = self.name[:9]
class Command(BaseCommand):
    def handle(self, *args, **options):
        while True:
            found = []
            for leaf in Leaf.objects.filter(code__isnull=True)[:50]:
                leaf.fill()
                found.append((leaf.pk, leaf.code))
            if not found:
                break
            try:
                Leaf.objects.bulk_update([Leaf(pk=pk, code=code) for pk, code in found], ["code"])
            except IntegrityError:
                for pk, code in found:
                    self.give(pk, code)
    def give(self, pk, code):
        try:
            Leaf.objects.filter(pk=pk).update(code=code)
        except IntegrityError:
            self.stdout.write(f"taken: {pk}")
#% refused, and made once more, in a function that is called
class Blob(models.Model):
    digest = models.CharField(max_length=64, unique=True)
def put(digest, where):
    blob = Blob(digest=digest, where=where)
    try:
        with transaction.atomic():
            blob.save()
    except IntegrityError:
        try:
            return Blob.objects.get(digest=digest)
        except Blob.DoesNotExist:
            blob = Blob(digest=digest, where=where)
            blob.save()
    return blob
def upload(request):
    return HttpResponse(put(request.POST["digest"], request.POST["where"]).pk)
#% the file of a row that was locked
def locked_job(pk):
    with transaction.atomic():
        return Job.objects.select_for_update().get(pk=pk)
def finish(pk):
    job = locked_job(pk)
    if os.path.exists(os.path.join(FOLDER, str(job.id))):
        job.result = "done"
        job.save(update_fields=["result"])
#% a mistake of the caller's, and an error of the constraint to who comes second
class Order(models.Model):
    number = models.CharField(max_length=9, unique=True)
def place(number, total):
    if Order.objects.filter(number=number).exists():
        raise ValueError("placed already")
    return Order.objects.create(number=number, total=total)
#% the earliest stays
def note_seen(bird, at):
    Bird.objects.filter(pk=bird.pk, first_seen__gt=at).update(first_seen=at)
    Note.objects.create(bird=bird, at=at)
#% validated once more
def rename(site):
    if site.name != "main":
        site.name = "main"
        site.full_clean()
        site.save(update_fields=["name"])
#% cut to a length
def cut(name, kept):
    entries = Entry.objects.filter(name=name)
    too_many = entries.count() - kept
    if too_many > 0:
        for entry in entries[:too_many]:
            entry.delete()
#% what has ended is deleted by whoever comes
class Pass(models.Model):
    expiry = models.DateTimeField(null=True)
def use(pk):
    found = Pass.objects.get(pk=pk)
    if found.expiry < timezone.now():
        found.delete()
        return None
    return found
def prolong(pk):
    Pass.objects.filter(pk=pk).update(expiry=now() + TTL)
#% prolonged, and never past what its making allows
def renew(found):
    until = timezone.now() + TTL
    latest = found.created + LONGEST
    if until > latest:
        until = latest
    if found.expiry:
        found.expiry = until
        found.save(update_fields=["expiry"])
