#% the cart is locked before
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
@transaction.atomic
def pay(pk):
    cart = Cart.objects.select_for_update().get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    return Payment.objects.create(cart=cart, active=True)
#% of another cart
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
def pay(old, new):
    old.payments.filter(active=True).update(active=False)
    return Payment.objects.create(cart=new, active=True)
#% a unique constraint says that one is in force, and what it refuses is handled
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
def pay(cart):
    cart.payments.filter(active=True).update(active=False)
    try:
        return Payment.objects.create(cart=cart, active=True)
    except IntegrityError:
        return None
#% asked and read in one
class Stock(models.Model):
    name = models.CharField(max_length=40)
def remove(pk):
    stock = Stock.objects.filter(pk=pk).first()
    if stock is None:
        return
    stock.delete()
#% asked, then read, and that there is none by then is handled
class Stock(models.Model):
    name = models.CharField(max_length=40)
def remove(pk):
    if not Stock.objects.filter(pk=pk).exists():
        return
    try:
        stock = Stock.objects.get(pk=pk)
    except Stock.DoesNotExist:
        return
    stock.delete()
#% a manager's method with a savepoint
class TagManager(models.Manager):
    def make(self, tags):
        try:
            with transaction.atomic():
                return super().bulk_create(tags)
        except IntegrityError:
            return [self.get(name=one.name) for one in tags]
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
    objects = TagManager()
#% what is made is not in force yet
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=False)
def draft(pk):
    cart = Cart.objects.get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    return Payment.objects.create(cart=cart)
#% what is made is given that it is not in force
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
def draft(pk):
    cart = Cart.objects.get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    return Payment.objects.create(cart=cart, active=False)
#% the rows that were asked for are kept by the queryset
class Stock(models.Model):
    name = models.CharField(max_length=40)
def remove(name):
    found = Stock.objects.filter(name=name)
    if not found:
        return
    stock = found[0]
    stock.delete()
