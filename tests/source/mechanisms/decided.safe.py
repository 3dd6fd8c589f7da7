# What a constant, a lock that is held already, or a database that cannot lock decides.
#% the caller switches off what would leave before the commit -> announce
def announce(season, letters=True):
    season.open = True
    season.save(update_fields=["open"])
    if letters:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season, letters=False)
#% handed on by a function between, and tested with something else -> announce
def announce(season, letters=True):
    season.open = True
    season.save(update_fields=["open"])
    if season.club_id and letters:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_season(season, quietly, letters=True):
    announce(season, letters=letters)
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            open_season(season, True, letters=False)
#% left early for it -> announce
def announce(season, quiet=False):
    season.open = True
    season.save(update_fields=["open"])
    if quiet:
        return
    send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season, quiet=True)
#% a database that cannot lock -> bring_back
@transaction.atomic
def bring_back(request, pk):
    if connection.features.has_select_for_update:
        tool = Tool.objects.filter(pk=pk).select_for_update().get()
    else:
        tool = Tool.objects.get(pk=pk)
    tool.worn += 1
    tool.save(update_fields=["worn"])
#% the same, asked for by a function, the other way round, and written by a called one -> bring_back
class Tool(models.Model):
    worn = models.IntegerField(default=0)
    def wear(self):
        self.worn += 1
        self.save(update_fields=["worn"])
@transaction.atomic
def bring_back(request, pk):
    if request.GET.get("dry") or not supports_for_update():
        tool = Tool.objects.get(pk=pk)
    else:
        tool = Tool.objects.filter(pk=pk).select_for_update().get()
    tool.wear()
#% the second lock is on a row that is held -> book
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
    berth = Berth.objects.select_for_update().get(pk=pk)
    Quay.objects.select_for_update().get(pk=quay)
    berth.moor()
def rebook(request, pk, quay):
    with transaction.atomic():
        log(request)
        book(request, pk, quay)
#% the row that came with the locked one, read once more -> charge
class Purse(models.Model):
    cents = models.IntegerField(default=0)
class Fine(models.Model):
    purse = models.ForeignKey(Purse, on_delete=models.CASCADE)
    cents = models.IntegerField()
@transaction.atomic
def charge(request, day):
    for fine in Fine.objects.select_for_update().select_related("purse").filter(day=day):
        purse = Purse.objects.get(id=fine.purse.id)
        purse.cents -= fine.cents
        purse.save(update_fields=["cents"])
#% the helper of the base class is told to lock
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
    coupon = Coupon.load(key, for_update=True)
    if coupon.used:
        raise Conflict()
    Discount.objects.create(user=request.user)
    coupon.mark()
#% the default is to lock
def load(pk, for_update=True):
    return Tool.objects.select_for_update().get(pk=pk) if for_update else Tool.objects.get(pk=pk)
@transaction.atomic
def bring_back(request, pk):
    tool = load(pk)
    tool.worn += 1
    tool.save(update_fields=["worn"])
#% left to its default, nothing leaves
def announce(season, letters=False):
    season.open = True
    season.save(update_fields=["open"])
    if letters:
        send_mail("open", "…", "club@example.org", [season.club.email])
def open_year(request, pk):
    with transaction.atomic():
        for season in Season.objects.filter(year=pk):
            announce(season)
