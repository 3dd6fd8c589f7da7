# What no constant, no lock that is held, and no database decides.
#% nobody switches it off -> open_year
def announce(season, letters=True):
    season.open = True
    season.save(update_fields=["open"])
    if letters:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season, letters=True)
#% the other arm -> open_year
def announce(season, quiet=False):
    season.open = True
    season.save(update_fields=["open"])
    if not quiet:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season, quiet=False)
#% one of two is enough -> open_year
def announce(season, letters, urgent):
    season.open = True
    season.save(update_fields=["open"])
    if letters or urgent:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season, letters=False, urgent=season.late)
#% whoever calls decides whether it locks -> bring_back
def load(pk, for_update):
    if for_update:
        tool = Tool.objects.filter(pk=pk).select_for_update().get()
    else:
        tool = Tool.objects.get(pk=pk)
    return tool
@transaction.atomic
def bring_back(request, pk):
    tool = load(pk, False)
    tool.worn += 1
    tool.save(update_fields=["worn"])
#% locked for some who ask -> bring_back
@transaction.atomic
def bring_back(request, pk):
    if request.user.is_staff:
        tool = Tool.objects.get(pk=pk)
    else:
        tool = Tool.objects.filter(pk=pk).select_for_update().get()
    tool.worn += 1
    tool.save(update_fields=["worn"])
#% another row of the table is held -> book|rebook
class Berth(models.Model):
    quay = models.ForeignKey("Quay", on_delete=models.CASCADE)
    def moor(self):
        berth = Berth.objects.select_for_update().get(pk=self.pk)
        berth.taken = True
        berth.save(update_fields=["taken"])
class Quay(models.Model):
    name = models.CharField(max_length=20)
@transaction.atomic
def book(request, pk, quay):
    first = Berth.objects.select_for_update().get(pk=pk)
    Quay.objects.select_for_update().get(pk=quay)
    Berth.objects.get(pk=request.POST["other"]).moor()
@transaction.atomic
def rebook(request, pk, quay):
    Berth.objects.select_for_update().get(pk=pk)
    Quay.objects.select_for_update().get(pk=quay)
#% the row that came along, read before -> charge
class Purse(models.Model):
    cents = models.IntegerField(default=0)
class Fine(models.Model):
    purse = models.ForeignKey(Purse, on_delete=models.CASCADE)
    cents = models.IntegerField()
@transaction.atomic
def charge(request, pk, purse):
    purse = Purse.objects.get(pk=purse)
    fine = Fine.objects.select_for_update().select_related("purse").get(pk=pk)
    purse.cents -= fine.cents
    purse.save(update_fields=["cents"])
#% the default of a helper of the base class is not to lock -> use
class Keyed(models.Model):
    key = models.CharField(max_length=9)
    @classmethod
    def load(cls, key, for_update=False):
        return cls.objects.select_for_update().get(key=key) if for_update else cls.objects.get(key=key)
    class Meta:
        abstract = True
class Coupon(Keyed):
    used = models.BooleanField(default=False)
    def mark(self):
        self.used = True
        self.save(update_fields=["used"])
@transaction.atomic
def use(request, key):
    coupon = Coupon.load(key)
    if coupon.used:
        raise Conflict()
    Discount.objects.create(user=request.user)
    coupon.mark()
#% left out, an arm is the one of the default -> bring_back
def load(pk, for_update=False):
    if for_update:
        tool = Tool.objects.filter(pk=pk).select_for_update().get()
    else:
        tool = Tool.objects.get(pk=pk)
    return tool
@transaction.atomic
def bring_back(request, pk):
    tool = load(pk)
    tool.worn += 1
    tool.save(update_fields=["worn"])
