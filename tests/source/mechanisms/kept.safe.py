#% dispatch keeps the row, which is locked
class Booking(models.Model):
    state = models.CharField(max_length=9)
    begins = models.DateTimeField()
class Desk:
    @staticmethod
    def move(booking: Booking, begins):
        booking.begins = begins
        if booking.state == "cancelled":
            booking.state = "planned"
        booking.save(update_fields=["begins", "state"])
class BookingMove(FormView):
    @transaction.atomic
    def dispatch(self, request, *args, **kwargs):
        self.object = get_object_or_404(Booking.objects.select_for_update(), pk=self.kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)
    def form_valid(self, form):
        Desk.move(self.object, form.cleaned_data["begins"])
        return super().form_valid(form)
#% taken by one statement
class Sheet(models.Model):
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    def take(self, user):
        free = Sheet.objects.filter(Q(taken_at=None) | Q(taken_at__lt=now() - LIMIT), pk=self.pk)
        return free.update(taken_at=now(), taken_by=user) == 1
#% a test that lets nobody wait for what it does not change
class Sheet(models.Model):
    title = models.CharField(max_length=9)
    def rename(self, title):
        if self.title == title:
            return
        self.title = title
        self.save(update_fields=["title"])
#% locked by a caller far above what is looked for
class Importer:
    def find(self, name):
        return first_of(Batch.objects.filter(name=name))
    def batch_for(self, name):
        found = self.find(name)
        if found:
            return found
        return Batch.objects.create(name=name)
def first_of(rows):
    return rows.first()
def outer(shop, name):
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        return middle(name)
def middle(name):
    return inner(name)
def inner(name):
    return Importer().batch_for(name)
