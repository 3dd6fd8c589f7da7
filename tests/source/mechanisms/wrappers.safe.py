#% the row is read under a lock by who makes the object
class TicketDesk:
    def __init__(self, ticket):
        self.ticket = ticket
    def is_used(self):
        return self.ticket.used
    def check_in(self):
        if self.is_used():
            raise AlreadyUsed()
        self.ticket.used = True
        self.ticket.save()
        Visit.objects.create(ticket=self.ticket)
def scan(request, code):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(code=code)
        TicketDesk(ticket).check_in()
    return HttpResponse()
#% the repository finds under a lock
class SeatRepository:
    def find_for_update(self, seat_id):
        return Seat.objects.select_for_update().get(pk=seat_id)
    def store(self, seat):
        seat.save()
class Checkout:
    def __init__(self, seats: SeatRepository):
        self.seats = seats
    @transaction.atomic
    def finish(self, seat_id, person):
        seat = self.seats.find_for_update(seat_id)
        if seat.holder_id:
            raise SeatTaken()
        seat.holder = person
        self.seats.store(seat)
        Confirmation.objects.create(seat=seat, person=person)
#% an object that shows
@dataclass
class Card:
    wallet: Wallet
    def text(self):
        return "empty" if self.wallet.coins == 0 else str(self.wallet.coins)
def show(request):
    return HttpResponse(Card(wallet=request.user.wallet).text())
#% a repository of get_or_create over a unique column
class Person(models.Model):
    name = models.CharField(max_length=50, unique=True)
class PersonRepository:
    def ensure(self, name):
        return Person.objects.get_or_create(name=name)[0]
class RegisterPerson:
    def __init__(self, people: PersonRepository):
        self.people = people
    def __call__(self, name):
        return self.people.ensure(name)
#% no row inside
class Basket:
    def __init__(self, items):
        self.items = items
        self.closed = False
    def close(self):
        if self.closed:
            raise ValueError()
        self.closed = True
        send_mail("closed", str(self.items), None, ["x@example.org"])
#% a conditional update inside
class Machine:
    def __init__(self, job):
        self.job = job
    def go(self, start, to):
        if Job.objects.filter(pk=self.job.pk, state=start).update(state=to) != 1:
            raise ValueError(to)
        Event.objects.create(job=self.job, to=to)
#% an adapter of a row that is new
class Chargeable:
    def __init__(self, model):
        self.model = model
def order(request):
    chargeable = Chargeable(Order(total=3))
    if chargeable.model.charge is None:
        chargeable.model.charge = Charge.objects.create(by=request.user)
    chargeable.model.save()
#% locked by the context
class Ctx:
    def __init__(self, request):
        self.wallet = Wallet.objects.select_for_update().get(owner=request.user)
@transaction.atomic
def grant(request, price):
    ctx = Ctx(request)
    if ctx.wallet.coins < price:
        return HttpResponse(status=402)
    ctx.wallet.coins -= price
    ctx.wallet.save()
#% made for an object that is no row's
class Page:
    def __init__(self):
        self.entry = None
    def write(self, text):
        if self.entry is None:
            self.entry = Entry.objects.create(text=text)
        return self.entry
def show(request):
    return Page().write(request.POST["text"])
#% claimed under the lock whichever way it goes
def start(pk):
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=pk)
        if item.state == "new":
            item.state = "running"
        elif item.state != "failed":
            return
        if item.remote:
            item.save(update_fields=["state"])
        else:
            item.remote = "pending"
            item.save(update_fields=["state", "remote"])
    try:
        worker.begin(item)
    except WorkerError:
        item.state = "failed"
        item.save(update_fields=["state"])
