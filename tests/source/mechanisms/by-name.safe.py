#% what was sent is set, whatever was there
def write(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def rename(request, pk):
    club = Club.objects.get(pk=pk)
    write(club, name=request.POST["name"])
#% counted under the lock
class Club(models.Model):
    member_count = models.IntegerField(default=0)


class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)


def write(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


@transaction.atomic
def recount(club_id):
    club = Club.objects.select_for_update().get(pk=club_id)
    count = Member.objects.filter(club=club).count()
    write(club, member_count=count)
#% compared on the locked row
class Shipment(models.Model):
    number = models.CharField(max_length=20, unique=True)
    seen_at = models.DateTimeField(null=True)


@transaction.atomic
def on_event(event):
    shipment = Shipment.objects.select_for_update().get(number=event["number"])
    if shipment.seen_at and event["seen_at"] <= shipment.seen_at:
        return
    for name, value in event.items():
        setattr(shipment, name, value)
    shipment.save()
#% the owner is asked, and no column that changes
def edit(request, pk):
    page = Page.objects.get(pk=pk)
    if page.owner != request.user:
        return HttpResponse(status=403)
    for name in ("title", "body"):
        setattr(page, name, request.POST[name])
    page.save(update_fields=["title", "body"])
#% only what is different is set
def sync(pk, values):
    row = Page.objects.get(pk=pk)
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    row.save(update_fields=list(values))
#% the row is locked before the named column is tested
class Nested:
    slot = None

    @transaction.atomic
    def attach(self, pk, thing):
        box = self.model.objects.select_for_update().get(pk=pk)
        if getattr(box, self.slot):
            raise Conflict()
        setattr(box, self.slot, thing)
        box.save()
#% the named column is written where it is another
class Job(models.Model):
    printed = models.BooleanField(default=False)
def note(pk, step, value):
    job = Job.objects.get(pk=pk)
    if getattr(job, step) != value:
        setattr(job, step, value)
        job.save(update_fields=[step])
#% one column is tested, another set
class Nested:
    slot = None
    mark = None

    def attach(self, pk, thing):
        box = self.model.objects.get(pk=pk)
        if getattr(box, self.slot):
            raise Conflict()
        setattr(box, self.mark, thing)
        box.save(update_fields=[self.mark])
#% what the named column is already, is not written
class Job(models.Model):
    printed = models.BooleanField(default=False)
def note(pk, step, value):
    job = Job.objects.get(pk=pk)
    if getattr(job, step) == value:
        return
    setattr(job, step, value)
    job.save(update_fields=[step])
