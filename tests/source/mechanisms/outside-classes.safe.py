#% sent after the commit
from django.core.mail import EmailMultiAlternatives
class Order(models.Model):
    state = models.CharField(max_length=9)
@transaction.atomic
def ship(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    order.state = "shipped"
    order.save(update_fields=["state"])
    e = EmailMultiAlternatives("Shipped", order.pk)
    transaction.on_commit(e.send)
    Parcel.objects.create(order=order)
#% a signal is sent, and no letter
from shop.events import OrderSignal
class Order(models.Model):
    state = models.CharField(max_length=9)
@transaction.atomic
def ship(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    order.state = "shipped"
    order.save(update_fields=["state"])
    s = OrderSignal("shipped")
    s.send(order.pk)
    Parcel.objects.create(order=order)
#% who has moved the date, sends
class Bill(models.Model):
    remind_at = models.DateTimeField(null=True)
class Command(BaseCommand):
    def remind(self):
        late = Q(remind_at__lt=timezone.now())
        never = Q(remind_at__isnull=True)
        for bill in Bill.objects.filter(late | never):
            later = timezone.now() + timedelta(days=7)
            if Bill.objects.filter(pk=bill.pk, remind_at=bill.remind_at).update(remind_at=later) != 1:
                continue
            o = TemplateMail("reminder")
            o.send(bill.email)
    def handle(self, *args, **options):
        while True:
            self.remind()
            time.sleep(60)
