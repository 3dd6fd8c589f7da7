#% rows are moved and the rest is deleted in one transaction
class Branch(models.Model):
    name = models.CharField(max_length=40)
class Loan(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT)
class Shelf(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE)
def close_branch(old, new):
    with transaction.atomic():
        Loan.objects.filter(branch=old).update(branch=new)
        Shelf.objects.filter(branch=old).delete()
#% every caller has a transaction around it
class Branch(models.Model):
    name = models.CharField(max_length=40)
class Loan(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT)
class Shelf(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE)
def close_branch(old, new):
    Loan.objects.filter(branch=old).update(branch=new)
    Shelf.objects.filter(branch=old).delete()
@transaction.atomic
def close(request, old, new):
    close_branch(old, new)
#% what is deleted is not where the rows were
class Branch(models.Model):
    name = models.CharField(max_length=40)
class Loan(models.Model):
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT)
class Draft(models.Model):
    author = models.CharField(max_length=40)
def close_branch(old, new, author):
    Loan.objects.filter(branch=old).update(branch=new)
    Draft.objects.filter(author=author).delete()
#% the old ones are cleared away, and one of another kind is made
class Code(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    used = models.BooleanField(default=False)
def send_code(request):
    Code.objects.filter(user=request.user, used=True).delete()
    Code.objects.create(user=request.user)
#% a relation is set as a whole
class Guest(models.Model):
    rooms = models.ManyToManyField("Room")
class Room(models.Model):
    number = models.IntegerField()
def choose_rooms(request, pk):
    guest = Guest.objects.get(pk=pk)
    guest.rooms.set(Room.objects.filter(pk__in=request.POST.getlist("rooms")))
#% a row and its parts, in a transaction of the caller
class Basket(models.Model):
    owner = models.CharField(max_length=40)
class Item(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE)
    count = models.IntegerField()
def order(owner, counts):
    basket = Basket.objects.create(owner=owner)
    for count in counts:
        Item.objects.create(basket=basket, count=count)
@transaction.atomic
def post(request):
    order(request.user.name, [int(one) for one in request.POST.getlist("counts")])
#% two rows that are made and know nothing of one another
class Visit(models.Model):
    page = models.CharField(max_length=40)
class Search(models.Model):
    words = models.CharField(max_length=40)
def note(request):
    Visit.objects.create(page=request.path)
    for words in request.GET.getlist("q"):
        Search.objects.create(words=words)
#% the same is done with others
class Alarm(models.Model):
    cause = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    muted = models.BooleanField(default=False)
def mute(pks, others):
    Alarm.objects.filter(pk__in=pks).update(muted=True)
    Alarm.objects.filter(pk__in=others).update(muted=True)
#% others are written about than those that were changed
class Member(models.Model):
    email = models.EmailField()
    active = models.BooleanField(default=True)
class Entry(models.Model):
    member = models.ForeignKey(Member, on_delete=models.CASCADE)
def lock_out(request, email):
    Member.objects.filter(email=email).update(active=False)
    Entry.objects.bulk_create([Entry(member=one) for one in Member.objects.filter(staff=True)])
#% the framework's method that calls it is overridden, and is a transaction
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
    @transaction.atomic
    def destroy(self, request, pk):
        self.perform_destroy(self.get_object())
#% a task that begins anew where it failed
class Basket(models.Model):
    owner = models.CharField(max_length=40)
class Item(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE)
@shared_task(autoretry_for=(Exception,))
def fill(owner, counts):
    basket = Basket.objects.create(owner=owner)
    for count in counts:
        Item.objects.create(basket=basket)
#% each method in a transaction, and both in one
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
@transaction.atomic
def hand_over(request, pk):
    club = Club.objects.get(pk=pk)
    for holder in request.POST.getlist("out"):
        club.unseat(holder)
    for holder in request.POST.getlist("in"):
        club.seat(holder)
#% each method in a transaction, of different relations
class Club(models.Model):
    name = models.CharField(max_length=40)
    @transaction.atomic
    def unseat(self, holder):
        self.seats.filter(holder=holder).delete()
    @transaction.atomic
    def greet(self, guest):
        self.guests.create(name=guest)
def change(request, pk):
    club = Club.objects.get(pk=pk)
    club.unseat(request.POST["out"])
    club.greet(request.POST["guest"])
#% taken back by hand where it fails
class Basket(models.Model):
    owner = models.CharField(max_length=40)
class Item(models.Model):
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE)
    count = models.IntegerField()
def order(request):
    basket = Basket.objects.create(owner=request.user.name)
    try:
        for count in request.POST.getlist("counts"):
            Item.objects.create(basket=basket, count=count)
    except Exception:
        basket.delete()
        raise
#% two rows of which the second is made when it is missed
class Person(models.Model):
    name = models.CharField(max_length=40)
class Profile(models.Model):
    person = models.OneToOneField(Person, on_delete=models.CASCADE)
def join(request):
    person = Person.objects.create(name=request.POST["name"])
    Profile.objects.create(person=person)
#% three rows that hang on one another, in a transaction
class Condition(models.Model):
    amount = models.IntegerField()
class Offer(models.Model):
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT)
class Voucher(models.Model):
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
@transaction.atomic
def publish_offer(request):
    condition = Condition.objects.create(amount=request.POST["amount"])
    offer = Offer.objects.create(condition=condition)
    return Voucher.objects.create(offer=offer, code=request.POST["code"])
#% all that is written is under one mutex
def open_hatch(pk):
    with cache.lock(f"hatch-{pk}"):
        hatch = Hatch.objects.get(pk=pk)
        if hatch.state != "closed":
            raise Opened()
        hatch.state = "open"
        hatch.save(update_fields=["state"])
        Log.objects.create(hatch=hatch, text="opened")
#% a note is made of what was changed last, in the transaction of that
class Job(models.Model):
    state = models.CharField(max_length=20)
    def start(self):
        self.state = "running"
        self.save(update_fields=["state"])
    def end(self):
        with transaction.atomic():
            self.state = "over"
            self.save(update_fields=["state"])
            Note.objects.create(job=self, text="over")
class Note(models.Model):
    job = models.ForeignKey(Job, on_delete=models.CASCADE)
    text = models.TextField()
def run(job: Job):
    job.start()
    job.end()
#% a method that nobody is seen to call: whoever does may have begun a transaction
class Choice(models.Model):
    element = models.ForeignKey("Element", on_delete=models.CASCADE)
    name = models.CharField(max_length=40)
class ChoiceType(Registered):
    def after_update(self, element, names):
        Choice.objects.filter(element=element).delete()
        for name in names:
            Choice.objects.create(element=element, name=name)
#% what is kept to be found faster is made anew
class CachedWord(models.Model):
    page = models.ForeignKey("Page", on_delete=models.CASCADE)
    word = models.CharField(max_length=40)
def index(page, words):
    CachedWord.objects.filter(page=page).delete()
    CachedWord.objects.bulk_create([CachedWord(page=page, word=word) for word in words])
#% those that are not wanted any more go, and others of another kind are made
class Rota(models.Model):
    name = models.CharField(max_length=40)
class Day(models.Model):
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE)
    weekday = models.IntegerField()
class Note(models.Model):
    rota = models.ForeignKey(Rota, on_delete=models.CASCADE)
    weekday = models.IntegerField()
def set_days(request, pk):
    rota = Rota.objects.get(pk=pk)
    weekdays = request.POST.getlist("weekdays")
    Day.objects.filter(rota=rota).exclude(weekday__in=weekdays).delete()
    Note.objects.bulk_create([Note(rota=rota, weekday=one) for one in weekdays])
#% the same is done with two sets of rows that have nothing to do with one another
class Bell(models.Model):
    above = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    quiet = models.BooleanField(default=False)
    tower = models.CharField(max_length=40)
def hush(bells):
    for bell in bells:
        bell.quiet = True
        bell.save(update_fields=["quiet"])
def hush_two(tower, another, other_pks):
    hush(Bell.objects.filter(tower=tower, above=None))
    hush(Bell.objects.filter(above__pk__in=other_pks))
#% rows made at once, and those that hang on them, in one transaction
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
    with transaction.atomic():
        Payload.objects.bulk_create(payloads)
        return Delivery.objects.bulk_create(deliveries)
#% rows of two tables made at once, of which none hangs on the other
class Payload(models.Model):
    text = models.TextField()
class Delivery(models.Model):
    url = models.URLField()
def publish(hooks):
    Payload.objects.bulk_create([Payload(text=hook.render()) for hook in hooks])
    return Delivery.objects.bulk_create([Delivery(url=hook.url) for hook in hooks])
