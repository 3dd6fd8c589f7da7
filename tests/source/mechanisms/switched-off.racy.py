#% what was in force is switched off, and another one made -> pay
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
def pay(pk):
    cart = Cart.objects.get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    return Payment.objects.create(cart=cart, active=True)
#% of one of two tables -> gift
class Cart(models.Model):
    pass
class CartLine(models.Model):
    cart = models.ForeignKey(Cart, related_name="lines", on_delete=models.CASCADE)
    gift = models.BooleanField(default=False)
def gift(owner: Union["Cart", "Order"]):
    line, created = owner.lines.get_or_create(gift=True)
    return line
#% asked, then read -> remove
class Stock(models.Model):
    name = models.CharField(max_length=40)
def remove(pk):
    found = Stock.objects.filter(pk=pk)
    if not found.exists():
        return
    stock = found[0]
    stock.delete()
#% a manager's method that its callers' transactions do not survive -> TagManager.make
class TagManager(models.Manager):
    def make(self, tags):
        try:
            return super().bulk_create(tags)
        except IntegrityError:
            return [self.get(name=one.name) for one in tags]
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
    objects = TagManager()
#% made by a function that is told of for itself -> pay
class Payment(models.Model):
    cart = models.ForeignKey("Cart", related_name="payments", on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
def make(cart):
    payment, _ = Payment.objects.get_or_create(cart=cart, active=True)
    return payment
def pay(pk):
    cart = Cart.objects.get(pk=pk)
    cart.payments.filter(active=True).update(active=False)
    return make(cart)
#% a manager's method, and one who calls it in no transaction -> TagManager.make
class TagManager(models.Manager):
    def make(self, tags):
        try:
            return super().bulk_create(tags)
        except IntegrityError:
            return [self.get(name=one.name) for one in tags]
class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)
    objects = TagManager()
def name_all(names):
    return Tag.objects.make([Tag(name=one) for one in names])
