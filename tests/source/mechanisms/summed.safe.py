#% the holder is locked first
class Cargo(models.Model):
    ferry = models.ForeignKey(Ferry, on_delete=models.CASCADE)
    weight = models.IntegerField()
@transaction.atomic
def board(pk, weight):
    ferry = Ferry.objects.select_for_update().get(pk=pk)
    carried = 0
    for cargo in Cargo.objects.filter(ferry=ferry):
        carried += cargo.weight
    if carried + weight > ferry.limit:
        raise TooHeavy()
    return Cargo.objects.create(ferry=ferry, weight=weight)
#% summed for a picture of it
def load_of(request, pk):
    carried = 0
    for cargo in Cargo.objects.filter(ferry_id=pk):
        carried += cargo.weight
    if carried > 9000:
        return HttpResponse("full")
    return HttpResponse(carried)
#% other rows are summed than are made
def invoice(order):
    total = 0
    for line in order.lines.all():
        total += line.price
    if total > 100:
        Note.objects.create(order=order, text="large")
#% all of them are locked before they are summed
class Redemption(models.Model):
    user = models.ForeignKey(User, related_name="redemptions", on_delete=models.CASCADE)
    value = models.IntegerField()
@transaction.atomic
def redeem(request, value):
    list(User.objects.select_for_update().filter(pk=request.user.pk))
    count = 100
    for redemption in request.user.redemptions.all():
        count -= redemption.value
    if value > count:
        raise NotEnough()
    Redemption.objects.create(user=request.user, value=value)
