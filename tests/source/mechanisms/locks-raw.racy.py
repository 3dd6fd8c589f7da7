#% read by SQL without a lock -> close
class Order(models.Model):
    paid = models.IntegerField(default=0)
@transaction.atomic
def close(pk, amount):
    order = Order.objects.raw("SELECT * FROM orders WHERE id = %s", [pk])[0]
    order.paid += amount
    order.save()
