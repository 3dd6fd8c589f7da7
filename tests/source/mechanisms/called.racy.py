# What is known of a value, a lock or a write is known where it is called from, too.
#% the first number is a constant out of sight -> open_ledger
def open_ledger(day):
    highest = Ledger.objects.all().aggregate(Max("number"))["number__max"]
    if highest:
        number = int(highest) + 1
    else:
        number = settings.FIRST_LEDGER
    Ledger.objects.create(day=day, number=number)
#% the first number is a constant, and the row is saved later -> book_dock
def book_dock(ship):
    last = Dock.objects.aggregate(top=Max("place"))["top"]
    if last is None:
        place = harbour.LOWEST
    else:
        place = last + 1
    dock = Dock(ship=ship, place=place)
    dock.save()
#% a fallback by try -> next_ticket
def next_ticket(desk):
    try:
        number = Ticket.objects.filter(desk=desk).latest("number").number + 1
    except Ticket.DoesNotExist:
        number = conf.START
    return Ticket.objects.create(desk=desk, number=number)
#% rows that are locked by name, and only counted -> bundle
@transaction.atomic
def bundle(day):
    parcels = Parcel.objects.filter(sent=day, bundle=None).select_for_update()
    if parcels.count() > 0:
        parcels.update(bundle=Bundle.objects.create(day=day))
#% only summed up -> settle_month
@transaction.atomic
def settle_month(month):
    fees = Fee.objects.select_for_update().filter(month=month, settled=False)
    total = fees.aggregate(total=Sum("amount"))["total"]
    Payout.objects.create(month=month, amount=total)
    fees.update(settled=True)
#% only counted, where the caller locks something else -> bundle
def bundle(day):
    parcels = Parcel.objects.filter(sent=day, bundle=None).select_for_update()
    if parcels.count() > 0:
        parcels.update(bundle=Bundle.objects.create(day=day))
@transaction.atomic
def close(request, pk):
    day = Day.objects.select_for_update().get(pk=pk)
    bundle(day)
#% the number of a new row, behind a lock that is only counted -> number_batch
@transaction.atomic
def number_batch(day):
    waiting = Payment.objects.select_for_update().filter(day=day)
    if waiting.count() == 0:
        return
    top = Batch.objects.aggregate(Max("code"))["code__max"]
    Batch.objects.create(code=top + 1)
#% all columns are written by a helper of a loader -> note_rain
class Station(models.Model):
    name = models.CharField(max_length=40)
    rain = models.IntegerField(default=0)
def rename(request, pk):
    Station.objects.filter(pk=pk).update(name=request.POST["name"])
def note_rain(pk, amount):
    station = Station.objects.get(pk=pk)
    station.rain = amount
    station.save()
def load(request):
    for line in request.data:
        note_rain(line["station"], line["amount"])
#% all columns are written by a method of a loader, with a word of its own -> Loader.note
class Film(models.Model):
    title = models.CharField(max_length=40)
    seen = models.IntegerField(default=0)
def retitle(request, pk):
    film = Film.objects.get(pk=pk)
    film.title = request.POST["title"]
    film.save(update_fields=["title"])
class Loader:
    def note(self, line):
        film = Film.objects.get(key__iexact=line["film"])
        film.seen = int(line["seen"])
        film.save(quietly=True)
    def load(self, lines):
        for line in lines:
            self.note(line)
#% what two calls further up is done by others -> book_paid
def book_paid(order, register):
    payments = order.payments.filter(state=State.done)
    if not payments:
        return
    register[order.kind].tell_paid(order)
    payments.update(state=State.booked)
class Webhook(APIView):
    def handle(self, request):
        payment = gateway.read(request)
        if payment:
            book_paid(payment.order, backends)
        return Response()
    def post(self, request):
        return self.handle(request)
#% a text that is put together of a row's own, where one part is given -> Entry.store
class Entry:
    def store(self, person, extra):
        words = person.words
        if person.age:
            words = words + extra
        with transaction.atomic():
            person.words = words
            person.save(update_fields=["words"])
#% a method of the model, and of a client's class -> ApproveView.post
class Request(models.Model):
    state = models.CharField(max_length=9)
    def approve(self):
        self.state = "approved"
        self.save(update_fields=["state"])
        publish.delay(self.pk)
class RequestClient(Resource):
    def approve(self):
        self.related.approve.post()
class ApproveView(Retrieve):
    def post(self, request, *args, **kwargs):
        found = self.get_object()
        if found.state != "pending":
            return Response(status=400)
        answer = found.approve()
        return Response(answer)
#% the name that a storage of the project gives back -> export
class Proxy:
    def __init__(self):
        self._backend = None
    def __getattr__(self, name):
        return getattr(self._get_backend(), name)
store = Proxy()
def export(form, name):
    while Export.objects.filter(form=form, filename=name).exists():
        name = increment(name)
    kept = store.save(name, File(name))
    export = Export(form=form)
    export.filename = kept
    export.save()
#% the row itself is what a chain of conditions gives -> take
def take(pk):
    found = Desk.objects.filter(pk=pk).first()
    desk = found and found.places > 0 and found
    if desk:
        desk.places -= 1
        desk.save()
