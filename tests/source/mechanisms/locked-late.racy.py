#% a queryset with a lock is a condition of the query that is summed -> allocate
class Stock(models.Model):
    quantity = models.IntegerField()
class Allocation(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE)
    quantity = models.IntegerField()
@transaction.atomic
def allocate(lines):
    stocks = Stock.objects.select_for_update(of=("self",)).filter(pk__in=[one.stock for one in lines]).order_by("pk")
    taken = list(Allocation.objects.filter(stock__in=stocks).values("stock").annotate(Sum("quantity")))
    left = {row["pk"]: row["quantity"] for row in stocks.values("pk", "quantity")}
    Allocation.objects.bulk_create(allocations_of(lines, left, taken))
