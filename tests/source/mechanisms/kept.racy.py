# A row that one function keeps, and another tests or saves. One gap a heading.
#% dispatch keeps the row, form_valid hands it to a static method -> BookingMove.form_valid|Desk.move
class Booking(models.Model):
    state = models.CharField(max_length=9)
    begins = models.DateTimeField()
class Desk:
    @staticmethod
    def move(booking: Booking, begins) -> Booking:
        before = booking.state
        booking.begins = begins
        if booking.state == "cancelled":
            booking.state = "planned"
        booking.save()
        BookingLog.objects.create(booking=booking, before=before, after=booking.state)
        return booking
    @staticmethod
    def cancel(booking: Booking):
        booking.state = "cancelled"
        booking.save()
class BookingMove(FormView):
    def dispatch(self, request, *args, **kwargs):
        self.object = get_object_or_404(Booking, pk=self.kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)
    def form_valid(self, form):
        Desk.move(self.object, form.cleaned_data["begins"])
        return super().form_valid(form)
#% a predicate with a deadline, then the claim is saved -> Sheet.take
class Sheet(models.Model):
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    def is_taken(self):
        if not self.taken_at:
            return False
        return now() - self.taken_at < timedelta(minutes=20)
    def take(self, user):
        if not self.is_taken():
            self.taken_at = now()
            self.taken_by = user
            self.save(update_fields=["taken_at", "taken_by"])
#% predicate property, claimed for the caller of a view -> take
class Crate(models.Model):
    held_until = models.DateTimeField(null=True)
    holder = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    @property
    def is_held(self):
        return self.held_until is not None and self.held_until > timezone.now()
def take(request, pk):
    crate = get_object_or_404(Crate, pk=pk)
    if crate.is_held:
        return HttpResponse(status=409)
    crate.held_until = timezone.now() + timedelta(hours=1)
    crate.holder = request.user
    crate.save()
    return HttpResponse(status=204)
#% predicate says why not, the callee signs up -> enter
class Start(models.Model):
    race = models.ForeignKey("Race", related_name="starters", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
class Race(models.Model):
    places = models.IntegerField()
    def why_not(self, user):
        if self.starters.count() >= self.places:
            return "full"
        if self.starters.filter(user=user).exists():
            return "already in"
        return None
    def enter(self, user):
        return Start.objects.create(race=self, user=user)
def enter(request, pk):
    race = get_object_or_404(Race, pk=pk)
    error = race.why_not(request.user)
    if error:
        raise RaceError(error)
    race.enter(request.user)
    return redirect("races")
#% rows by name in a dictionary, each compared, saved by the callee -> refresh|fill
def fill(row, given):
    row.version = given.version
    row.size = given.size
    row.save()
    row.files.all().delete()
def refresh(repo, given):
    rows = Package.objects.filter(repo=repo)
    by_name = dict([(row.name, row) for row in rows])
    for one in given:
        row = by_name[one.name]
        if row.version == one.version:
            continue
        fill(row, one)
#% compared unless forced, then filled by the callee -> sync|fill
def fill(row, given):
    row.digest = given.digest
    row.size = given.size
    row.save()
    row.parts.all().delete()
    for part in given.parts:
        Part.objects.create(row=row, name=part)
def sync(shelf, given, force=False):
    rows = Volume.objects.filter(shelf=shelf)
    by_name = dict([(row.name, row) for row in rows])
    for one in given:
        row = by_name[one.name]
        if row.digest == one.digest:
            if not force:
                continue
        fill(row, one)
#% status compared in the plugin method, whole row saved -> Gateway.apply|Gateway.hook
class Payment(models.Model):
    status = models.CharField(max_length=9)
    order_id = models.CharField(max_length=9)
class Gateway:
    def hook(self, request):
        payment = get_object_or_404(Payment, order_id=request.data.get("order"))
        params = Client(payment).validated(request.data)
        self.apply(payment, params.STATUS)
        return payment
    def apply(self, payment, given):
        if payment.status in FINAL:
            return
        status = Status.of(given)
        if payment.status != status:
            payment.status = status
            payment.save()
#% looked up by a helper that takes the model -> Importer.batch_for
class Importer:
    def first_of(self, model, **lookups):
        return model.objects.filter(**lookups).first()
    def batch_for(self, name):
        found = self.first_of(Batch, name=name)
        if found:
            return found
        return Batch.objects.create(name=name)
#% looked up by a method with id or name -> Importer.make_batch
class Importer:
    def find_batch(self, batch_id=None, name=None, shop=None):
        if batch_id:
            return get_object_or_none(Batch, id=batch_id)
        if shop and name:
            return get_last_or_none(Batch, shop=shop, name=name)
        return None
    def make_batch(self, batch_id=None, name=None, shop=None):
        existing = self.find_batch(batch_id, name, shop)
        if existing:
            return existing
        return Batch.objects.select_for_update().create(name=name, shop=shop)
def get_object_or_none(model, **kwargs):
    try:
        return model.objects.get(**kwargs)
    except model.DoesNotExist:
        return None
def get_last_or_none(model, **kwargs):
    try:
        return model.objects.filter(**kwargs).order_by("id").last()
    except model.DoesNotExist:
        return None
