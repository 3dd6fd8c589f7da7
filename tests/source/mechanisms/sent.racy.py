#% who hears the signal starts a task, in the sender's transaction -> close
order_closed = Signal()
@receiver(order_closed, dispatch_uid="invoice")
def write_invoice(sender, order, **kwargs):
    tasks.invoice.delay(order.pk)
@transaction.atomic
def close(order):
    order.state = "closed"
    order.save()
    order_closed.send(sender=Order, order=order)
#% the same from a method, by another name of the class -> Desk.admit
from django.dispatch import Signal as DjangoSignal, receiver
admitted = DjangoSignal(providing_args=["guest"])
@receiver(admitted)
def tell(sender, guest, **kwargs):
    send_badge.apply_async(args=[guest.id])
class Desk:
    def admit(self, name):
        with transaction.atomic():
            guest = Guest.objects.create(name=name)
            admitted.send_robust(sender=self.__class__, guest=guest)
        return guest
#% the receiver counts the row that it is handed -> count|pay
paid = django.dispatch.Signal()
@receiver([paid, refunded])
def count(sender, account, amount, **kwargs):
    account.turnover += amount
    account.save()
def pay(pk, amount):
    account = Account.objects.get(pk=pk)
    paid.send(sender=None, account=account, amount=amount)
#% tested by the sender, done by the receiver -> start|reserve
started = Signal()
@receiver(started)
def reserve(sender, trip, **kwargs):
    trip.state = "started"
    trip.save(update_fields=["state"])
    Voucher.objects.create(trip=trip)
def start(pk):
    trip = Trip.objects.get(pk=pk)
    if trip.state != "planned":
        raise NotPlanned()
    started.send(sender=Trip, trip=trip)
#% a helper sends it by a method that its class keeps to itself -> log
def send_event(text):
    client = get_client()
    client._send_string(topic="visits", text=text)
def log(page):
    with transaction.atomic():
        visit = Visit.objects.create(page=page)
        send_event(json.dumps({"visit": visit.pk}))
#% published by a class of one's own -> log
class Stream:
    def __init__(self, config):
        self._producer = Producer(config)
    def tell(self, topic, text):
        self._producer.produce(topic=topic, value=text.encode())
def tell(topic, text):
    Stream(CONFIG).tell(topic, text)
def log(page):
    with transaction.atomic():
        visit = Visit.objects.create(page=page)
        tell("visits", str(visit.pk))
#% a function that only sends, called in two steps from a transaction -> queue_import
def queue_import(batch_id):
    task = run_import.apply_async(args=[batch_id])
    return task.id
def make_batch(data):
    batch = Batch.objects.create(text=data)
    queue_import(batch.id)
def upload(request):
    with transaction.atomic():
        make_batch(request.POST["text"])
