#% rows are moved, then what else hung on the old one is deleted -> close_branch
class Branch(models.Model):
    name = models.CharField(max_length=40)
class Loan(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT)
class Shelf(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE)
def close_branch(old, new):
    Loan.objects.filter(branch=old).update(branch=new)
    Shelf.objects.filter(branch=old).delete()
#% rows are moved one by one, then the old one is deleted -> merge
class Tag(models.Model):
    name = models.CharField(max_length=40)
class Mark(models.Model):
    tag = models.ForeignKey(Tag, related_name="marks", on_delete=models.CASCADE)
def merge(old_pk, new_pk):
    old = Tag.objects.get(pk=old_pk)
    new = Tag.objects.get(pk=new_pk)
    for mark in old.marks.all():
        mark.tag = new
        mark.save(update_fields=["tag"])
    old.delete()
#% a row moves those that hang on it, then deletes itself -> Page.delete
class Page(BasePage):
    title = models.CharField(max_length=40)
    def delete(self, **kwargs):
        Visit.objects.filter(page=self).update(page=self.following())
        super().delete(**kwargs)
    def following(self):
        return Page.objects.filter(title__gt=self.title).first()
class Visit(models.Model):
    page = models.ForeignKey(Page, on_delete=models.CASCADE)
#% deleted, then made in their place in a function that is called -> set_stops
class Stop(models.Model):
    tour = models.ForeignKey("Tour", related_name="stops", on_delete=models.CASCADE)
    place = models.CharField(max_length=40)
class Tour(models.Model):
    name = models.CharField(max_length=40)
def set_stops(request, pk):
    tour = Tour.objects.get(pk=pk)
    tour.stops.all().delete()
    add_stops(tour, request.POST.getlist("places"))
def add_stops(tour, places):
    Stop.objects.bulk_create([Stop(tour=tour, place=place) for place in places])
#% a relation is emptied, then filled -> choose_rooms
class Guest(models.Model):
    rooms = models.ManyToManyField("Room")
class Room(models.Model):
    number = models.IntegerField()
def choose_rooms(request, pk):
    guest = Guest.objects.get(pk=pk)
    guest.rooms.clear()
    guest.rooms.add(*Room.objects.filter(pk__in=request.POST.getlist("rooms")))
#% a row and its parts -> order
class Basket(models.Model):
    owner = models.CharField(max_length=40)
class Item(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE)
    count = models.IntegerField()
def order(request):
    basket = Basket.objects.create(owner=request.user.name)
    for count in request.POST.getlist("counts"):
        Item.objects.create(basket=basket, count=int(count))
#% the same is done with those that hang on the first -> mute
class Alarm(models.Model):
    cause = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    muted = models.BooleanField(default=False)
def mute(pks):
    Alarm.objects.filter(pk__in=pks).update(muted=True)
    Alarm.objects.filter(cause__in=pks).update(muted=True)
#% many are changed, and each is written about -> lock_out
class Member(models.Model):
    email = models.EmailField()
    active = models.BooleanField(default=True)
class Entry(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    text = models.TextField()
def lock_out(request, email):
    found = Member.objects.filter(email=email)
    members = list(found)
    found.update(active=False)
    Entry.objects.bulk_create([Entry(member=member, text=member.email) for member in members])
#% what the framework calls has more callers than the one that is seen -> MemberViewSet.perform_destroy
class Member(models.Model):
    active = models.BooleanField(default=True)
class Entry(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE)
class MemberViewSet(viewsets.ModelViewSet):
    queryset = Member.objects.all()
    def perform_destroy(self, instance):
        instance.active = False
        instance.save(update_fields=["active"])
        Entry.objects.create(member=instance)
    def partial_update(self, request, pk):
        with transaction.atomic():
            self.perform_destroy(self.get_object())
#% each method in a transaction, both in none -> hand_over
class Seat(models.Model):
    club = models.ForeignKey("Club", related_name="seats", on_delete=models.CASCADE)
    holder = models.CharField(max_length=40)
class Club(models.Model):
    name = models.CharField(max_length=40)
    @transaction.atomic
    def unseat(self, holder):
        self.seats.filter(holder=holder).delete()
    @transaction.atomic
    def seat(self, holder):
        self.unseat(holder)
        self.seats.create(holder=holder)
def hand_over(request, pk):
    club = Club.objects.get(pk=pk)
    for holder in request.POST.getlist("out"):
        club.unseat(holder)
    for holder in request.POST.getlist("in"):
        club.seat(holder)
#% three rows that hang on one another -> publish_offer
class Condition(models.Model):
    amount = models.IntegerField()
class Offer(models.Model):
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT)
class Voucher(models.Model):
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
def publish_offer(request):
    condition = Condition.objects.create(amount=request.POST["amount"])
    offer = Offer.objects.create(condition=condition)
    return Voucher.objects.create(offer=offer, code=request.POST["code"])
#% a row, its first step, and the row once more with that -> begin
class Run(models.Model):
    current = models.ForeignKey("Step", null=True, on_delete=models.SET_NULL)
class Step(models.Model):
    run = models.ForeignKey(Run, on_delete=models.CASCADE)
def begin(request):
    run = Run()
    run.save()
    step = Step.objects.create(run=run)
    run.current = step
    run.save(update_fields=["current"])
#% what a view picks by name -> BasketView.do_order
class Basket(models.Model):
    owner = models.CharField(max_length=40)
class Item(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE)
class BasketView(ActionView):
    def handle_post(self, request):
        return getattr(self, "do_" + request.POST["action"])(request.user)
    def do_order(self, user):
        basket = Basket.objects.create(owner=user.name)
        for count in self.request.POST.getlist("counts"):
            Item.objects.create(basket=basket)
#% a model's own method, called like many others -> Course.open
class Course(models.Model):
    first = models.ForeignKey("Lesson", null=True, on_delete=models.SET_NULL)
    def open(self, names):
        self.lessons.all().delete()
        for name in names:
            Lesson.objects.create(course=self, name=name)
class Lesson(models.Model):
    course = models.ForeignKey(Course, related_name="lessons", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
#% what a form's method is given loses its rows, and gets others -> PictureForm.save_pictures
class Picture(models.Model):
    owner = models.ForeignKey("Thing", on_delete=models.CASCADE)
    label = models.ForeignKey("Label", on_delete=models.CASCADE)
class PictureForm(forms.ModelForm):
    def save_pictures(self, instance):
        pictures = []
        instance.pictures.all().delete()
        for label in self.cleaned_data["labels"]:
            pictures.append(Picture(label=label, owner=instance))
        Picture.objects.bulk_create(pictures)
#% those that are not wanted any more go, those that are wanted come -> set_days
class Rota(models.Model):
    name = models.CharField(max_length=40)
class Day(models.Model):
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE)
    weekday = models.IntegerField()
def set_days(request, pk):
    rota = Rota.objects.get(pk=pk)
    weekdays = request.POST.getlist("weekdays")
    Day.objects.filter(rota=rota).exclude(weekday__in=weekdays).delete()
    Day.objects.bulk_create([Day(rota=rota, weekday=one) for one in weekdays], ignore_conflicts=True)
#% the keys of the first were read before it -> hush_all
class Bell(models.Model):
    above = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    quiet = models.BooleanField(default=False)
    tower = models.CharField(max_length=40)
def hush(bells):
    for bell in bells:
        bell.quiet = True
        bell.save(update_fields=["quiet"])
def hush_all(tower):
    top = Bell.objects.filter(tower=tower, above=None)
    pks = list(top.values_list("pk", flat=True))
    hush(top)
    hush(Bell.objects.filter(above__pk__in=pks))
#% rows made at once, then those that hang on them -> publish
class Payload(models.Model):
    text = models.TextField()
class Delivery(models.Model):
    payload = models.ForeignKey(Payload, on_delete=models.CASCADE)
    url = models.URLField()
def publish(hooks):
    payloads = []
    deliveries = []
    for hook in hooks:
        payload = Payload(text=hook.render())
        payloads.append(payload)
        deliveries.append(Delivery(payload=payload, url=hook.url))
    Payload.objects.bulk_create(payloads)
    return Delivery.objects.bulk_create(deliveries)
