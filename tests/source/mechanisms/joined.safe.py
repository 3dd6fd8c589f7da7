#% the joined row is locked with it
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().select_related("wallet").get(pk=pk)
        wallet = ticket.wallet
        wallet.balance -= ticket.price
        wallet.save()
#% joined first, then locked
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_related("wallet", "show").select_for_update(nowait=True).get(pk=pk)
        ticket.wallet.balance -= 1
        ticket.wallet.save()
#% a row behind it as well
class Bank(models.Model):
    total = models.IntegerField()
class Wallet(models.Model):
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE)
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().select_related("wallet__bank").get(pk=pk)
        bank = ticket.wallet.bank
        bank.total -= 1
        bank.save()
#% named among what is locked
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
def charge(pk):
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update(of=("self", "wallet")).select_related("wallet").get(pk=pk)
        ticket.wallet.balance -= 1
        ticket.wallet.save()
#% read once more by the key that the locked row has
class Wallet(models.Model):
    balance = models.IntegerField()
class Ticket(models.Model):
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE)
    price = models.IntegerField()
def charge(pk):
    with transaction.atomic():
        tickets = Ticket.objects.select_for_update().select_related("wallet").filter(show=pk)
        for ticket in tickets:
            wallet = Wallet.objects.get(pk=ticket.wallet_id)
            wallet.balance -= ticket.price
            wallet.save()
