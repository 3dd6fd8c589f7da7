# Objects that hold a row: their methods test it and write it.
#% a plain class around a row -> TicketDesk.check_in|scan
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
    ticket = Ticket.objects.get(code=code)
    TicketDesk(ticket).check_in()
    return HttpResponse()
#% a dataclass around a row -> Payout.send|pay_out
@dataclass
class Payout:
    invoice: Invoice
    bank: Bank
    def send(self):
        if self.invoice.paid_at is None:
            self.bank.transfer(self.invoice.total)
            self.invoice.paid_at = timezone.now()
            self.invoice.save(update_fields=["paid_at"])
def pay_out(pk, bank):
    Payout(invoice=Invoice.objects.get(pk=pk), bank=bank).send()
#% positional arguments of a dataclass, tested by the caller -> close
@dataclass(frozen=True)
class Poll_:
    row: object
    def shut(self):
        self.row.closed = True
        self.row.save()
def close(request, pk):
    holder = Poll_(Poll.objects.get(pk=pk))
    if holder.row.closed:
        return HttpResponse(status=409)
    holder.shut()
    send_mail("closed", "the poll", None, ["all@example.org"])
    return HttpResponse()
#% an adapter with properties -> create_charge
class Chargeable:
    def __init__(self, model):
        self.model = model
    @property
    def charge(self):
        return self.model.charge
    @charge.setter
    def charge(self, value):
        self.model.charge = value
class Fees:
    def wrapped(self, model):
        return Chargeable(model)
fees = Fees()
def create_charge(model, by, way):
    chargeable = fees.wrapped(model)
    if chargeable.charge is not None:
        raise ChargeError("paid")
    chargeable.charge = Charge.objects.create(by=by, way=way, total=model.total)
    chargeable.model.save()
    return chargeable.charge
#% a repository handed in -> Checkout.finish
class SeatRepository:
    def find(self, seat_id):
        return Seat.objects.get(pk=seat_id)
    def store(self, seat):
        seat.save()
class Checkout:
    def __init__(self, seats: SeatRepository):
        self.seats = seats
    def finish(self, seat_id, person):
        seat = self.seats.find(seat_id)
        if seat.holder_id:
            raise SeatTaken()
        seat.holder = person
        self.seats.store(seat)
        Confirmation.objects.create(seat=seat, person=person)
#% a repository that asks and adds -> RegisterPerson.execute|RegisterPerson.__call__
class PersonRepository:
    def has_name(self, name):
        return Person.objects.filter(name=name).exists()
    def add(self, name):
        return Person.objects.create(name=name)
class RegisterPerson:
    def __init__(self, people: PersonRepository):
        self.people = people
    def __call__(self, name):
        if self.people.has_name(name):
            raise NameTaken(name)
        return self.people.add(name)
#% a context that is passed along -> grant
class Ctx:
    def __init__(self, request):
        self.request = request
        self.wallet = Wallet.objects.get(owner=request.user)
def may(ctx, price):
    return ctx.wallet.coins >= price
def take(ctx, price):
    ctx.wallet.coins -= price
    ctx.wallet.save()
def grant(request, price):
    ctx = Ctx(request)
    if not may(ctx, price):
        return HttpResponse(status=402)
    take(ctx, price)
    return HttpResponse()
#% a state machine around a row -> Machine.go|advance
class Machine:
    allowed = {"new": ["running"], "running": ["done"]}
    def __init__(self, job):
        self.job = job
    def can(self, to):
        return to in self.allowed[self.job.state]
    def go(self, to):
        if not self.can(to):
            raise ValueError(to)
        self.job.state = to
        self.job.save(update_fields=["state"])
        Event.objects.create(job=self.job, to=to)
#% an object of a property of the row -> Parcel.hand_over|ParcelActions.hand_over|deliver
class ParcelActions:
    def __init__(self, parcel):
        self.parcel = parcel
    def hand_over(self, to):
        if self.parcel.handed_to:
            raise ValueError("gone")
        self.parcel.handed_to = to
        self.parcel.save()
        Receipt.objects.create(parcel=self.parcel, to=to)
class Parcel(models.Model):
    handed_to = models.CharField(max_length=50, blank=True)
    @cached_property
    def actions(self):
        return ParcelActions(self)
def deliver(request, pk):
    Parcel.objects.get(pk=pk).actions.hand_over(request.POST["to"])
#% under a lock for one thing, then computed and saved for all -> Ledger.settle
class Ledger:
    def confirm(self, order):
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=order.pk)
            if order.state != "new":
                return
            order.state = "confirmed"
            order.save(update_fields=["state"])
    def settle(self, pk):
        order = Order.objects.get(pk=pk)
        order.paid = sum(one.amount for one in order.payments.all())
        if order.channel.confirms:
            self.confirm(order)
        order.save(update_fields=["paid"])
#% made where the adapter has none, saved by whoever called -> open_account_for
class Holder:
    def __init__(self, model):
        self.model = model
    @property
    def account(self):
        return self.model.account
    @account.setter
    def account(self, value):
        self.model.account = value
class Holders:
    def of(self, model):
        return Holder(model)
holders = Holders()
def open_account_for(model, currency):
    holder = model if isinstance(model, Holder) else holders.of(model)
    if holder.account is not None:
        holder.account.currency = currency
    else:
        holder.account = Account.objects.create(currency=currency)
    return holder.account
def settle(request, pk):
    customer = Customer.objects.get(pk=pk)
    open_account_for(customer, request.POST["currency"])
    customer.save()
