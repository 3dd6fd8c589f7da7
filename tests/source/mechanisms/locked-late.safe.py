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
#% a loop over it has locked its rows before it is a condition
class Stock(models.Model):
    quantity = models.IntegerField()
class Allocation(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE)
    quantity = models.IntegerField()
@transaction.atomic
def allocate(lines):
    stocks = Stock.objects.select_for_update().filter(pk__in=[one.stock for one in lines]).order_by("pk")
    for stock in stocks:
        show(stock)
    taken = list(Allocation.objects.filter(stock__in=stocks).values("stock").annotate(Sum("quantity")))
    left = left_of(stocks.values("pk", "quantity"), taken)
    Allocation.objects.bulk_create(allocations_of(lines, left))
