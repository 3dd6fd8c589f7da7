#% a mail from a receiver, where rows are saved in a transaction -> thank
class Order(models.Model):
    email = models.EmailField()
class Sender:
    def thank(self, order):
        executor.submit(post, order)
def post(order):
    send_mail("Thanks", "", None, [order.email])
sender = Sender()
@receiver(post_save, sender=Order)
def thank(sender, instance, created, **kwargs):
    if created:
        mail = EmailMessage("Thanks", "", None, [instance.email])
        mail.send()
@transaction.atomic
def order(request):
    Order.objects.create(email=request.POST["email"])
