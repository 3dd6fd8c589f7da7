#% nobody saves it in a transaction that is seen, and nobody here waits for one
class Order(models.Model):
    email = models.EmailField()
@receiver(post_save, sender=Order)
def thank(sender, instance, created, **kwargs):
    if created:
        send_mail("Thanks", "", None, [instance.email])
def order(request):
    Order.objects.create(email=request.POST["email"])
#% it waits for the commit
class Order(models.Model):
    email = models.EmailField()
@receiver(post_save, sender=Order)
def thank(sender, instance, created, **kwargs):
    if created:
        transaction.on_commit(lambda: send_mail("Thanks", "", None, [instance.email]))
@transaction.atomic
def order(request):
    Order.objects.create(email=request.POST["email"])
