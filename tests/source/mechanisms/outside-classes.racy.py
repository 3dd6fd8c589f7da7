#% a letter whose variable says nothing, before the commit -> ship
from django.core.mail import EmailMultiAlternatives
class Order(models.Model):
    state = models.CharField(max_length=9)
@transaction.atomic
def ship(pk):
    order = Order.objects.select_for_update().get(pk=pk)
    order.state = "shipped"
    order.save(update_fields=["state"])
    e = EmailMultiAlternatives("Shipped", order.pk)
    e.send()
    Parcel.objects.create(order=order)
#% those that are due, by conditions that were put together before -> Command.remind
class Bill(models.Model):
    remind_at = models.DateTimeField(null=True)
class Command(BaseCommand):
    def remind(self):
        late = Q(remind_at__lt=timezone.now())
        never = Q(remind_at__isnull=True)
        for bill in Bill.objects.filter(late | never):
            o = TemplateMail("reminder")
            o.send(bill.email)
            bill.remind_at = timezone.now() + timedelta(days=7)
            bill.save(update_fields=["remind_at"])
    def handle(self, *args, **options):
        while True:
            self.remind()
            time.sleep(60)
