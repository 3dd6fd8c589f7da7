#% it is read first
class Stock(models.Model):
    quantity = models.IntegerField()
class Allocation(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE)
    quantity = models.IntegerField()
@transaction.atomic
def allocate(lines):
    stocks = list(Stock.objects.select_for_update(of=("self",)).filter(pk__in=[one.stock for one in lines]).order_by("pk"))
    taken = list(Allocation.objects.filter(stock__in=stocks).values("stock").annotate(Sum("quantity")))
    Allocation.objects.bulk_create(allocations_of(lines, left_of(stocks, taken)))
#% a condition without a lock
class Stock(models.Model):
    quantity = models.IntegerField()
class Allocation(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE)
def clear(pks):
    stocks = Stock.objects.filter(pk__in=pks)
    found = list(Allocation.objects.filter(stock__in=stocks))
    for stock in stocks:
        show(stock)
    Allocation.objects.filter(pk__in=[one.pk for one in found]).delete()
#% its rows were counted in Python, and so read and locked, before it is a condition
class Stock(models.Model):
    quantity = models.IntegerField()
class Allocation(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE)
    quantity = models.IntegerField()
@transaction.atomic
def allocate(lines):
    stocks = Stock.objects.select_for_update().filter(pk__in=[one.stock for one in lines]).order_by("pk")
    if len(stocks) == 0:
        return
    taken = list(Allocation.objects.filter(stock__in=stocks).values("stock").annotate(Sum("quantity")))
    left = {row["pk"]: row["quantity"] for row in stocks.values("pk", "quantity")}
    Allocation.objects.bulk_create(allocations_of(lines, left, taken))
