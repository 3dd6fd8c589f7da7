#% the lock is in the SQL
class Order(models.Model):
    paid = models.IntegerField(default=0)
@transaction.atomic
def close(pk, amount):
    order = Order.objects.raw("SELECT * FROM orders WHERE id = %s FOR UPDATE", [pk])[0]
    order.paid += amount
    order.save()
#% a helper reads it so, and another changes it
class Order(models.Model):
    paid = models.IntegerField(default=0)
def locked(order):
    rows = Order.objects.raw(
        "SELECT * FROM orders WHERE id = %s "
        "FOR NO KEY UPDATE",
        [order.pk],
    )
    return list(rows)[0]
def add(order, amount):
    order.paid += amount
    order.save()
def close(pk, amount):
    with transaction.atomic():
        order = locked(Order.objects.get(pk=pk))
        add(order, amount)
