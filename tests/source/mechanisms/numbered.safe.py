# A dictionary, a default, a validated row that holds nothing that anybody else would hold. Nothing to say.
#% clean sums up the row's own lines
class Bill(models.Model):
    total = models.IntegerField(null=True)
    def clean(self):
        self.total = self.lines.aggregate(Sum("price"))["price__sum"]
#% clean copies the last row's text
class Bill(models.Model):
    text = models.TextField()
    def clean(self):
        last = Bill.objects.order_by("pk").last()
        if last and not self.text:
            self.text = last.text
#% a default that asks nothing
def first_day():
    return timezone.now().date()
class Parcel(models.Model):
    day = models.DateField(default=first_day)
#% a default that looks up the one there is
def standard_shop():
    return Shop.objects.get(name="main").pk
class Parcel(models.Model):
    shop = models.ForeignKey(Shop, default=standard_shop, on_delete=models.CASCADE)
#% kwargs filled with what was given
def add(page, **kwargs):
    kwargs.update({"page": page, "kind": "plain"})
    return Revision.objects.create(**kwargs)
#% numbered under the parent's lock
def add(page, **kwargs):
    with transaction.atomic():
        page = Page.objects.select_for_update().get(pk=page.pk)
        last = Revision.objects.filter(page=page).aggregate(Max("number"))["number__max"]
        kwargs["number"] = last + 1
        return Revision.objects.create(page=page, **kwargs)
#% clean notes where a sequence begins, in no column
class Bill(models.Model):
    number = models.IntegerField(null=True)
    def clean(self):
        last = Bill.objects.order_by("number").last()
        self.first_number = (last.number if last else 0) + 1
    def save(self, *args, **kwargs):
        if self.number is None:
            self.number = get_next_value("bills", initial_value=self.first_number)
        super().save(*args, **kwargs)
