# What hardly anybody calls, by its name, is asked for by several all the same.
#% a method named as a handler is -> spend
class Wallet(models.Model):
    coins = models.IntegerField(default=0)
class Store:
    def get(self, pk):
        return Wallet.objects.get(pk=pk)
def show(store: Store, pk):
    row = store.get(pk)
    row.refresh_from_db()
    row.delete()
def spend(store: Store, pk):
    row = store.get(pk)
    row.coins -= 1
    row.save()
#% and the other one that asks -> give
class Wallet(models.Model):
    coins = models.IntegerField(default=0)
class Store:
    def get(self, pk):
        return Wallet.objects.get(pk=pk)
def spend(store: Store, pk):
    row = store.get(pk)
    row.coins -= 1
    row.save()
def give(store: Store, pk):
    row = store.get(pk)
    row.coins += 1
    row.save()
#% the key of a mutex says nothing of how long it lasts -> pay
class Wallet(models.Model):
    coins = models.IntegerField(default=0)
def pay(pk):
    with transaction.atomic():
        with redis_client.lock("transaction-%s" % pk):
            row = Wallet.objects.get(pk=pk)
            row.coins -= 1
            row.save()
        tell(row)
