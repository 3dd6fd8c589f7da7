# A lock that nobody has taken, or not on that row.
#% the row that a serializer was given is not locked -> PlanSerializer.update|PlanViewSet.change
class Plan(models.Model):
    price = models.IntegerField()
class PlanSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plan
    def update(self, *args, **kwargs):
        self.instance.price = self.instance.price + self.validated_data["more"]
        self.instance.save(update_fields=["price"])
        return self.instance
class PlanViewSet(viewsets.ViewSet):
    def change(self, request, pk):
        with transaction.atomic():
            plan = Plan.objects.get(id=pk)
            serializer = PlanSerializer(instance=plan, data=request.data, partial=True)
            if serializer.is_valid():
                serializer.update()
#% one of two callers locks it -> PlanForm.raise_price|change
class Plan(models.Model):
    price = models.IntegerField()
class PlanForm(forms.ModelForm):
    class Meta:
        model = Plan
        fields = ["price"]
    def raise_price(self):
        self.instance.price += 1
        self.instance.save(update_fields=["price"])
@transaction.atomic
def change_locked(request, pk):
    plan = Plan.objects.select_for_update().get(pk=pk)
    PlanForm(request.POST, instance=plan).raise_price()
@transaction.atomic
def change(request, pk):
    plan = Plan.objects.get(pk=pk)
    form = PlanForm(request.POST, instance=plan)
    form.raise_price()
#% looked at before the lock: it is kept as it was -> buy|pay
class Purse(models.Model):
    owner = models.OneToOneField("auth.User", on_delete=models.CASCADE, related_name="purse")
    cents = models.IntegerField()
def ensure(request, cents):
    Purse.objects.select_for_update().filter(owner=request.user).first()
def buy(request, cents):
    with transaction.atomic():
        user = request.user
        if user.purse.cents < cents:
            raise ValidationError("not enough")
        ensure(request, cents)
        user.purse.cents -= cents
        user.purse.save(update_fields=["cents"])
#% a foreign key leads to many: the lock is on one of them -> pay|buy
class Purse(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="purses")
    cents = models.IntegerField()
class Account(models.Model):
    purse = models.ForeignKey(Purse, on_delete=models.CASCADE)
def buy(request, pk, cents):
    with transaction.atomic():
        Account.objects.select_for_update().filter(purse__owner=request.user).first()
        purse = Purse.objects.get(pk=pk)
        purse.cents -= cents
        purse.save(update_fields=["cents"])
#% asked by nobody that is seen, it says only whether it went well, and takes a lock that holds nothing -> take_place
@transaction.atomic
def enter(request, pk):
    return HttpResponse("ok" if take_place(pk) else "full")
def take_place(pk):
    hall = Hall.objects.get(pk=pk)
    if hall.left == 0:
        return False
    hall.left -= 1
    hall.save(update_fields=["left"])
    return True
