#% only the row itself is locked, not the one that is joined -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("wallet").get(pk=pk)
        wallet = ticket.wallet
        wallet.balance -= ticket.price
        wallet.save()
#% nothing is joined -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=pk)
        ticket.wallet.balance -= ticket.price
        ticket.wallet.save()
#% another one is joined -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Show(models.Model):
    name = models.CharField(max_length=9)
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    show = models.ForeignKey(Show, on_delete=models.CASCADE)
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_related("show").select_for_update().get(pk=pk)
        ticket.wallet.balance -= 1
        ticket.wallet.save()
#% joined without a lock -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_related("wallet").get(pk=pk)
        ticket.wallet.balance -= 1
        ticket.wallet.save()
#% read before the lock that joins it -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
def charge(pk):
    ticket = Ticket.objects.get(pk=pk)
    wallet = ticket.wallet
    with transaction.atomic():
        held = Ticket.objects.select_for_update().select_related("wallet").get(pk=ticket.pk)
        wallet.balance -= 1
        wallet.save()
#% read by its key before its ticket was locked -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(ticket):
    wallet = Wallet.objects.get(pk=ticket.wallet_id)
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().select_related("wallet").get(pk=ticket.pk)
        wallet.balance -= ticket.price
        wallet.save()
#% only the ticket is locked, not what is joined -> charge
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("wallet").get(pk=pk)
        wallet = Wallet.objects.get(pk=ticket.wallet_id)
        wallet.balance -= ticket.price
        wallet.save()
