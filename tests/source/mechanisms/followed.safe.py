# A lock that a caller, or another function that it called, has taken.
#% the caller has locked the row that a serializer was given -> update|change
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
            plan = Plan.objects.select_for_update(nowait=True).get(id=pk)
            serializer = PlanSerializer(instance=plan, data=request.data, partial=True)
            if serializer.is_valid():
                serializer.update()
#% the same of a form, and of a method of its own -> raise_price
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
def change(request, pk):
    plan = Plan.objects.select_for_update().get(pk=pk)
    form = PlanForm(request.POST, instance=plan)
    form.raise_price()
#% one function locks and tests, the next one takes it off, over a one-to-one relation -> pay|buy|ensure
class Purse(models.Model):
    owner = models.OneToOneField("auth.User", on_delete=models.CASCADE, related_name="purse")
    cents = models.IntegerField()
def ensure(request, cents):
    purse = Purse.objects.select_for_update().filter(owner=request.user).first()
    if purse is None or purse.cents < cents:
        raise ValidationError("not enough")
    return True
def pay(user, cents):
    user.purse.cents -= cents
    user.purse.save(update_fields=["cents"])
def buy(request, cents):
    with transaction.atomic():
        ensure(request, cents)
        pay(request.user, cents)
#% what is looked for comes from the caller as well, in the dictionary that is filled up here
class TileManager(models.Manager):
    def tile_of(self, sheet, name, create=False, **more):
        more.update(dict(sheet=sheet, name=name))
        if create:
            tile, created = self.get_or_create(**more)
        else:
            tile = self.get(**more)
        return tile
class Tile(models.Model):
    sheet = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    zoom = models.IntegerField()
    objects = TileManager()
    class Meta:
        unique_together = (("sheet", "name", "zoom"),)
def tile(sheet, name, zoom):
    return Tile.objects.tile_of(sheet, name, create=True, zoom=zoom)
