#% a count handed to a helper that sets what it is given -> recount
class Club(models.Model):
    member_count = models.IntegerField(default=0)


class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)


def write(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def recount(club_id):
    club = Club.objects.get(pk=club_id)
    count = Member.objects.filter(club=club).count()
    write(club, member_count=count)
#% the helper locks, but what is written was counted before -> recount
class Club(models.Model):
    member_count = models.IntegerField(default=0)


class Member(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)


@transaction.atomic
def write(row, **columns):
    row = row.__class__.objects.select_for_update().get(pk=row.pk)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    return row


def recount(club_id):
    club = Club.objects.get(pk=club_id)
    paying = Member.objects.filter(club=club, paying=True).count()
    guests = Member.objects.filter(club=club, paying=False).count()
    write(club, member_count=paying + guests)
#% a sum in a dictionary that a helper applies -> pay_in
def apply(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def pay_in(request, pk):
    account = Account.objects.get(pk=pk)
    apply(account, {"balance": account.balance + int(request.POST["amount"])})
#% a counter through an update method of the base class -> count_view
class Base(models.Model):
    class Meta:
        abstract = True

    def change(self, **kwargs):
        for attr, val in kwargs.items():
            setattr(self, attr, val)
        self.save()


class Page(Base):
    views = models.IntegerField(default=0)


def count_view(request, pk):
    page = Page.objects.get(pk=pk)
    page.change(views=page.views + 1)
#% a state tested, then changed by a helper, and mail sent -> ship
def assign_and_save(instance, **fields):
    for key in fields:
        setattr(instance, key, fields[key])
    instance.save(update_fields=fields.keys())


def ship(request, pk):
    order = Order.objects.get(pk=pk)
    if order.status != "paid":
        return HttpResponse(status=409)
    assign_and_save(order, status="shipped")
    send_mail("shipped", "…", None, [order.email])
#% the state that came last is compared, then all that was sent is set -> Recorder.record
class Recorder:
    def record(self, rank, name, defaults):
        row, created = self.Model.objects.get_or_create(name=name, defaults=defaults)
        if created:
            return row
        if rank < RANKS[row.state]:
            defaults = {key: value for key, value in defaults.items() if key != "state"}
        for key, value in defaults.items():
            setattr(row, key, value)
        row.save()
        return row
#% older news than what is there are left out -> on_event
class Shipment(models.Model):
    number = models.CharField(max_length=20, unique=True)
    seen_at = models.DateTimeField(null=True)


def on_event(event):
    shipment = Shipment.objects.get(number=event["number"])
    if shipment.seen_at and event["seen_at"] <= shipment.seen_at:
        return
    for name, value in event.items():
        setattr(shipment, name, value)
    shipment.save()
#% a version compared by hand before all that was sent is set -> PageView.put
class PageView(APIView):
    def put(self, request, pk):
        page = Page.objects.get(pk=pk)
        if page.version != request.data["version"]:
            return Response(status=409)
        for name in ("title", "body"):
            setattr(page, name, request.data[name])
        page.version += 1
        page.save()
        return Response({"version": page.version})
#% the same, where the values are put together by a caller -> Recorder.record
class Recorder:
    def record(self, rank, name, defaults):
        row, created = self.Model.objects.get_or_create(name=name, defaults=defaults)
        if created:
            return row
        if rank < RANKS[row.state]:
            defaults = {key: value for key, value in defaults.items() if key != "state"}
        for key, value in defaults.items():
            setattr(row, key, value)
        row.save()
        return row

    def on_event(self, event):
        return self.record(event.rank, event.name, {"state": event.state, "at": event.at})
#% handed to a helper that updates what it is given -> ship
def change(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


def ship(request, pk):
    order = Order.objects.get(pk=pk)
    change(order, weight=order.weight + int(request.POST["weight"]))
#% a dictionary written out, set in a loop -> pay_in
def pay_in(request, pk):
    account = Account.objects.get(pk=pk)
    values = {"balance": account.balance + int(request.POST["amount"])}
    for name, value in values.items():
        setattr(account, name, value)
    account.save()
#% through an update of the project's own -> touch
def touch(pk):
    account = Account.objects.get(pk=pk)
    Account.objects.filter(pk=pk).invalidated_update(balance=account.balance - 5)
#% names written out, each set from itself -> halve
def halve(request, pk):
    ration = Ration.objects.get(pk=pk)
    for name in ("bread", "water"):
        setattr(ration, name, getattr(ration, name) / 2)
    ration.save()
#% which relation it is, the class says: it is tested by that name, and set -> Nested.attach
class Nested:
    slot = None

    def attach(self, pk, thing):
        box = self.model.objects.get(pk=pk)
        if getattr(box, self.slot):
            raise Conflict()
        setattr(box, self.slot, thing)
        box.save()
#% which column it is, the caller says -> once
class Job(models.Model):
    printed = models.BooleanField(default=False)
    packed = models.BooleanField(default=False)
def once(pk, step):
    job = Job.objects.get(pk=pk)
    if getattr(job, step):
        raise DoneAlready()
    setattr(job, step, True)
    job.save(update_fields=[step])
    machine.run_step.delay(pk)
