#% claimed first, then sent
class Member(models.Model):
    email = models.EmailField()
class Greeting(models.Model):
    member = models.OneToOneField(Member, on_delete=models.CASCADE)
def greet():
    for member in Member.objects.exclude(greeting__isnull=False):
        greeting, created = Greeting.objects.get_or_create(member=member)
        if created:
            mailer.send_email(member.email, "welcome")
#% the unique row is made before the mail leaves
class Member(models.Model):
    email = models.EmailField()
class Greeting(models.Model):
    member = models.OneToOneField(Member, on_delete=models.CASCADE)
def greet():
    for member in Member.objects.exclude(greeting__isnull=False):
        try:
            with transaction.atomic():
                Greeting.objects.create(member=member)
        except IntegrityError:
            continue
        mailer.send_email(member.email, "welcome")
#% the rows are locked before they are looked through
class Order(models.Model):
    total = models.IntegerField()
class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
@transaction.atomic
def bill():
    for order in Order.objects.select_for_update().filter(invoices__isnull=True):
        Invoice.objects.create(order=order, total=order.total)
#% made for each that has an older one
class Order(models.Model):
    total = models.IntegerField()
class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
def again():
    for order in Order.objects.filter(invoices__state="failed"):
        Invoice.objects.create(order=order, total=order.total)
#% another table is asked than the one that gets rows
class Order(models.Model):
    total = models.IntegerField()
class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
class Note(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
def note():
    for order in Order.objects.filter(invoices__isnull=True):
        Note.objects.create(order=order, text="no invoice yet")
#% a lock of the process's own
class Order(models.Model):
    total = models.IntegerField()
class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
def bill():
    with redis_lock("billing"):
        for order in Order.objects.filter(invoices__isnull=True):
            Invoice.objects.create(order=order, total=order.total)
