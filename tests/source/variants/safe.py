# What protects, in many shapes, one a heading: nothing may be said about any of them.
#% helper lock
def locked(pk):
    return Wallet.objects.select_for_update().get(pk=pk)
@transaction.atomic
def add(request, pk):
    w = locked(pk)
    w.coins += 1
    w.save()
#% of
def add(request, pk):
    with transaction.atomic():
        w = Wallet.objects.select_related("user").select_for_update(of=("self",)).get(pk=pk)
        if w.coins < 1:
            return HttpResponse(status=409)
        w.coins -= 1
        w.save(update_fields=["coins"])
#% conditional
def redeem(request, pk):
    n = Coupon.objects.filter(pk=pk, used=False).update(used=True)
    if n == 0:
        return HttpResponse(status=409)
    Credit.objects.create(user=request.user)
#% guard F
def buy(request, pk):
    updated = Product.objects.filter(pk=pk, stock__gte=1).update(stock=F("stock") - 1)
    if not updated:
        return HttpResponse(status=409)
    Purchase.objects.create(product_id=pk)
#% skip locked
def take(request):
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(state="new").first()
        if job is None:
            return None
        job.state = "taken"
        job.save()
        return job
#% integrity at caller
def make(user):
    if Prefs.objects.filter(user=user).exists():
        return None
    return Prefs.objects.create(user=user)
def view(request):
    try:
        make(request.user)
    except IntegrityError:
        return HttpResponse(status=409)
#% parent
@transaction.atomic
def add(request, pk):
    order = Order.objects.select_for_update().get(pk=pk)
    last = order.lines.order_by("-n").first()
    Line.objects.create(order=order, n=last.n + 1 if last else 1)
#% manager for_update
class AccountManager(models.Manager):
    def for_update(self, pk):
        return self.select_for_update().get(pk=pk)
class Account(models.Model):
    balance = models.IntegerField()
    objects = AccountManager()
def deposit(request, pk):
    with transaction.atomic():
        account = Account.objects.for_update(pk)
        account.balance += 1
        account.save()
#% self refetch
class Account(models.Model):
    balance = models.IntegerField()
    def deposit(self, n):
        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            locked.balance += n
            locked.save(update_fields=["balance"])
            self.balance = locked.balance
#% self refresh from lock
class Account(models.Model):
    balance = models.IntegerField()
    @transaction.atomic
    def deposit(self, n):
        self.__class__.objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db()
        self.balance += n
        self.save(update_fields=["balance"])
#% refresh with from_queryset
class Account(models.Model):
    balance = models.IntegerField()
    @transaction.atomic
    def deposit(self, n):
        self.refresh_from_db(from_queryset=Account.objects.select_for_update())
        self.balance += n
        self.save(update_fields=["balance"])
#% class decorator
@method_decorator(transaction.atomic, name="dispatch")
class Spend(View):
    def post(self, request, pk):
        w = Wallet.objects.select_for_update().get(pk=pk)
        w.coins -= 1
        w.save()
#% mixin atomic + get_queryset lock
class Spend(GenericAPIView):
    queryset = Wallet.objects.all()
    def get_queryset(self):
        qs = super().get_queryset()
        return qs.select_for_update()
    @transaction.atomic
    def post(self, request, pk):
        w = self.get_object()
        w.coins -= 1
        w.save()
#% serializer instance
class V(ModelViewSet):
    queryset = Doc.objects.all()
    def perform_update(self, serializer):
        with transaction.atomic():
            doc = Doc.objects.select_for_update().get(pk=serializer.instance.pk)
            doc.revision += 1
            doc.save()
#% delete count
def use(request, code):
    deleted, _ = Code.objects.filter(code=code).delete()
    if not deleted:
        return HttpResponse(status=400)
    Session.objects.create(user=request.user)
#% advisory raw
@transaction.atomic
def number(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [7])
    n = Invoice.objects.aggregate(m=Max("number"))["m"] + 1
    Invoice.objects.create(number=n)
#% LOCK TABLE
@transaction.atomic
def number(request):
    connection.cursor().execute("LOCK TABLE invoice IN EXCLUSIVE MODE")
    n = Invoice.objects.count() + 1
    Invoice.objects.create(number=n)
#% cache lock
def run(pk):
    with cache.lock("job-%s" % pk):
        job = Job.objects.get(pk=pk)
        if job.done:
            return
        job.done = True
        job.save()
        send_mail("a", "b", None, [job.owner])
#% cache.add
def run(pk):
    if not cache.add("job-%s" % pk, 1, 60):
        return
    try:
        job = Job.objects.get(pk=pk)
        job.count += 1
        job.save()
    finally:
        cache.delete("job-%s" % pk)
#% redis lock acquire
def run(pk):
    lock = redis.lock("job")
    if not lock.acquire(blocking=False):
        return
    try:
        job = Job.objects.get(pk=pk)
        job.count += 1
        job.save()
    finally:
        lock.release()
#% new
def make(request):
    doc = Doc.objects.create(title=request.POST["t"])
    doc.revision += 1
    doc.slug = slugify(doc.title)
    doc.save()
#% on_commit
@transaction.atomic
def order(request):
    o = Order.objects.create(user=request.user)
    transaction.on_commit(partial(send_receipt.delay, o.pk))
    transaction.on_commit(lambda: send_mail("a", "b", None, [o.email]))
#% on_commit nested function
@transaction.atomic
def order(request):
    o = Order.objects.create(user=request.user)
    def after():
        send_receipt.delay(o.pk)
    transaction.on_commit(after)
#% delay_on_commit
@transaction.atomic
def order(request):
    o = Order.objects.create(user=request.user)
    send_receipt.delay_on_commit(o.pk)
#% blind
def touch(request, pk):
    s = Session.objects.get(pk=pk)
    s.last_seen = timezone.now()
    s.save(update_fields=["last_seen"])
#% idempotent
def confirm(request, pk):
    s = Signup.objects.get(pk=pk)
    if not s.confirmed:
        s.confirmed = True
        s.save(update_fields=["confirmed"])
#% raw
def hit(pk):
    with connection.cursor() as c:
        c.execute("UPDATE page SET hits = hits + 1 WHERE id = %s", [pk])
#% sorted locks
@transaction.atomic
def transfer(request):
    ids = sorted([request.POST["a"], request.POST["b"]])
    accounts = {a.pk: a for a in Account.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    a = accounts[request.POST["a"]]
    b = accounts[request.POST["b"]]
    if a.balance < 10:
        return HttpResponse(status=402)
    a.balance -= 10
    b.balance += 10
    a.save()
    b.save()
#% in_bulk
@transaction.atomic
def transfer(request):
    accounts = Account.objects.select_for_update().in_bulk([request.POST["a"], request.POST["b"]])
    a = accounts[request.POST["a"]]
    a.balance -= 10
    a.save()
#% tuple from list
@transaction.atomic
def transfer(pk1, pk2):
    a, b = Account.objects.select_for_update().filter(pk__in=[pk1, pk2]).order_by("pk")
    a.balance -= 1
    b.balance += 1
    a.save()
    b.save()
#% bulk
@transaction.atomic
def tick(request):
    rows = list(Job.objects.select_for_update().filter(active=True))
    for row in rows:
        row.ticks += 1
    Job.objects.bulk_update(rows, ["ticks"])
#% plain form
def edit(request, pk):
    doc = get_object_or_404(Doc, pk=pk)
    form = DocForm(request.POST, instance=doc)
    if form.is_valid():
        form.save()
        return redirect("x")
#% context manager
@contextmanager
def locked(model, pk):
    with transaction.atomic():
        yield model.objects.select_for_update().get(pk=pk)
def add(request, pk):
    with locked(Wallet, pk) as w:
        w.coins += 1
        w.save()
#% model context manager
class Wallet(models.Model):
    coins = models.IntegerField()
    @contextmanager
    def lock(self):
        with transaction.atomic():
            yield Wallet.objects.select_for_update().get(pk=self.pk)
    def add(self):
        with self.lock() as w:
            w.coins += 1
            w.save()
#% lock helper then refresh
def lock_row(obj):
    return type(obj).objects.select_for_update().get(pk=obj.pk)
def add(request, pk):
    w = Wallet.objects.get(pk=pk)
    with transaction.atomic():
        w = lock_row(w)
        w.coins += 1
        w.save()
#% unique and handled with savepoint
def vote(request, pk):
    try:
        with transaction.atomic():
            Vote.objects.create(user=request.user, poll_id=pk)
            Poll.objects.filter(pk=pk).update(votes=F("votes") + 1)
    except IntegrityError:
        return HttpResponse(status=409)
#% get_or_create oneToOne
class Prefs(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
def prefs(user):
    return Prefs.objects.get_or_create(user=user)[0]
#% update_or_create unique
class Prefs(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=9)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="x")]
def prefs(user, key, value):
    Prefs.objects.update_or_create(user=user, key=key, defaults={"value": value})
#% check under parent lock in helper
@transaction.atomic
def add(request):
    user = User.objects.select_for_update().get(pk=request.user.pk)
    ensure_room(user)
    Device.objects.create(user=user)
def ensure_room(user):
    if user.devices.count() >= 3:
        raise Limit()
#% retry on version
def put(request, pk):
    doc = Doc.objects.get(pk=pk)
    n = Doc.objects.filter(pk=pk, version=doc.version).update(text=request.POST["text"], version=doc.version + 1)
    if n == 0:
        return HttpResponse(status=409)
#% decorated lock
def with_lock(fn):
    @wraps(fn)
    def inner(*args, **kwargs):
        with transaction.atomic():
            return fn(*args, **kwargs)
    return inner
@with_lock
def add(request, pk):
    w = Wallet.objects.select_for_update().get(pk=pk)
    w.coins += 1
    w.save()
#% serializer in atomic with locked instance
class V(APIView):
    @transaction.atomic
    def patch(self, request, pk):
        doc = Doc.objects.select_for_update().get(pk=pk)
        s = DocSerializer(doc, data=request.data)
        s.is_valid(raise_exception=True)
        s.save()
        return Response(s.data)
#% exists used for error message only, get_or_create
def sub(request):
    obj, created = Sub.objects.get_or_create(email=request.POST["email"])
    if not created:
        return HttpResponse(status=409)
    send_mail("x", "y", None, [obj.email])
#% locked in list comp
@transaction.atomic
def close(request):
    for row in Ticket.objects.select_for_update().filter(open=True):
        if row.open:
            row.open = False
            row.closed_by = request.user
            row.save()
            Log.objects.create(ticket=row)
#% locked twice nested
def outer(request, pk):
    with transaction.atomic():
        w = Wallet.objects.select_for_update().get(pk=pk)
        with transaction.atomic():
            w.coins += 1
            w.save()
#% try lock nowait
def outer(request, pk):
    try:
        with transaction.atomic():
            w = Wallet.objects.select_for_update(nowait=True).get(pk=pk)
            w.coins += 1
            w.save()
    except DatabaseError:
        return HttpResponse(status=409)
#% bulk_create ignore_conflicts
def sync(names):
    have = set(Tag.objects.filter(name__in=names).values_list("name", flat=True))
    Tag.objects.bulk_create([Tag(name=n) for n in names if n not in have], ignore_conflicts=True)
#% save override full_clean
class A(models.Model):
    name = models.CharField(max_length=9)
    slug = models.CharField(max_length=9)
    def save(self, *args, **kwargs):
        self.slug = slugify(self.name)
        super().save(*args, **kwargs)
#% lock released but rechecked conditional
def pay(request, pk):
    order = Order.objects.get(pk=pk)
    if order.status != "open":
        return HttpResponse(status=409)
    claimed = Order.objects.filter(pk=pk, status="open").update(status="paying")
    if claimed:
        gateway.charge(order)
#% m2m add
def join(request, pk):
    g = Group.objects.get(pk=pk)
    if request.user not in g.members.all():
        g.members.add(request.user)
#% create then update own
@transaction.atomic
def make(request):
    order = Order(user=request.user)
    order.save()
    order.total = order.compute_total()
    order.save()
    return order
#% logout
def logout(request):
    request.auth.delete()
    return Response()
#% delete own
def destroy(request, pk):
    obj = get_object_or_404(Doc, pk=pk, owner=request.user)
    if obj.locked:
        raise PermissionDenied()
    obj.delete()
#% ATOMIC decorator on viewset class with mixin
class AtomicMixin:
    @transaction.atomic
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)
class V(AtomicMixin, APIView):
    def post(self, request, pk):
        w = Wallet.objects.select_for_update().get(pk=pk)
        w.coins += 1
        w.save()
#% locked via generic get_object override
class V(APIView):
    def get_object(self, pk):
        return get_object_or_404(Wallet.objects.select_for_update(), pk=pk)
    @transaction.atomic
    def post(self, request, pk):
        w = self.get_object(pk)
        w.coins += 1
        w.save()
#% early exit cheap check, locked recheck
def redeem(request, pk):
    c = Coupon.objects.get(pk=pk)
    if c.used:
        return HttpResponse(status=409)
    with transaction.atomic():
        c = Coupon.objects.select_for_update().get(pk=pk)
        if c.used:
            return HttpResponse(status=409)
        c.used = True
        c.save()
        Credit.objects.create(user=request.user)
#% helper method locked by all callers
class Account(models.Model):
    balance = models.IntegerField()
    def apply(self, n):
        self.balance += n
        self.save()
@transaction.atomic
def deposit(request, pk):
    account = Account.objects.select_for_update().get(pk=pk)
    account.apply(3)
#% serializer unique together handled by DB
class Vote(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE)
    class Meta:
        unique_together = [("user", "poll")]
class VoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vote
    def validate(self, attrs):
        if Vote.objects.filter(user=attrs["user"], poll=attrs["poll"]).exists():
            raise serializers.ValidationError("x")
        return attrs
#% form clean unique column
class Team(models.Model):
    name = models.CharField(max_length=10, unique=True)
class NameForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name"]
    def clean_name(self):
        if Team.objects.filter(name=self.cleaned_data["name"]).exists():
            raise forms.ValidationError("x")
        return self.cleaned_data["name"]
#% exists elsewhere then create other
def comment(request, pk):
    if not Post.objects.filter(pk=pk).exists():
        raise Http404
    Comment.objects.create(post_id=pk)
#% update fields blind by request
def edit(request, pk):
    doc = Doc.objects.get(pk=pk)
    doc.title = request.POST["title"]
    doc.body = request.POST["body"]
    doc.save(update_fields=["title", "body"])
#% owner test then blind write
def edit(request, pk):
    doc = Doc.objects.get(pk=pk)
    if doc.owner != request.user:
        raise PermissionDenied()
    doc.title = request.POST["title"]
    doc.save(update_fields=["title"])
#% locked totals
@transaction.atomic
def add_line(request, pk):
    order = Order.objects.select_for_update().get(pk=pk)
    Line.objects.create(order=order, price=1)
    order.total = sum(l.price for l in order.lines.all())
    order.save(update_fields=["total"])
#% update with subquery
def total(order):
    Order.objects.filter(pk=order.pk).update(total=Subquery(Line.objects.filter(order=OuterRef("pk")).values("order").annotate(s=Sum("price")).values("s")))
#% soft delete
def remove(request, pk):
    doc = get_object_or_404(Doc, pk=pk, deleted=False)
    doc.deleted = True
    doc.save(update_fields=["deleted"])
#% last activity in middleware
class M:
    def __call__(self, request):
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(last_seen=timezone.now())
        return self.get_response(request)
#% perform_create simple
class V(ModelViewSet):
    queryset = Doc.objects.all()
    serializer_class = DocSerializer
    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)
    def perform_update(self, serializer):
        serializer.save(editor=self.request.user)
    def perform_destroy(self, instance):
        instance.delete()
#% log create after test of state
def view(request, pk):
    doc = Doc.objects.get(pk=pk)
    if doc.public:
        View.objects.create(doc=doc)
    return render(request, "x")
#% task after commit from view
def post(request):
    with transaction.atomic():
        o = Order.objects.create(user=request.user)
    notify.delay(o.pk)
#% locked by manager queryset
class Q(models.QuerySet):
    def lock(self):
        return self.select_for_update()
class Acc(models.Model):
    n = models.IntegerField()
    objects = Q.as_manager()
@transaction.atomic
def add(pk):
    a = Acc.objects.lock().get(pk=pk)
    a.n += 1
    a.save()
#% lock helper in model returns refreshed self
class Acc(models.Model):
    n = models.IntegerField()
    def locked(self):
        return Acc.objects.select_for_update().get(pk=self.pk)
    def add(self):
        with transaction.atomic():
            me = self.locked()
            me.n += 1
            me.save()
#% lock decorated generic
def locks_row(model):
    def outer(fn):
        @wraps(fn)
        def inner(request, pk):
            with transaction.atomic():
                row = model.objects.select_for_update().get(pk=pk)
                return fn(request, row)
        return inner
    return outer
@locks_row(Wallet)
def spend(request, row):
    row.coins -= 1
    row.save()
#% for each with retry on integrity
def create_code(user):
    for _ in range(5):
        try:
            return Code.objects.create(user=user, code=make_code())
        except IntegrityError:
            continue
#% slug loop handled
def create(title):
    slug = slugify(title)
    while True:
        try:
            with transaction.atomic():
                return Article.objects.create(title=title, slug=slug)
        except IntegrityError:
            slug = slug + "-x"
#% test mode flags
def toggle(request, pk):
    n = Feature.objects.get(pk=pk)
    n.enabled = request.POST["enabled"] == "1"
    n.save(update_fields=["enabled"])
#% password change
def change(request):
    user = request.user
    if not user.check_password(request.POST["old"]):
        return HttpResponse(status=400)
    user.set_password(request.POST["new"])
    user.save(update_fields=["password"])
#% exists before read only
def search(request):
    qs = Doc.objects.filter(owner=request.user)
    if qs.count() > 100:
        qs = qs[:100]
    return JsonResponse([d.title for d in qs], safe=False)
#% counter on a new related
def make(request):
    order = Order.objects.create(user=request.user)
    line = Line(order=order, qty=1)
    line.qty += 1
    line.save()
#% lock on user for limit
class V(APIView):
    @transaction.atomic
    def post(self, request):
        User.objects.select_for_update().get(pk=request.user.pk)
        if Key.objects.filter(user=request.user).count() >= 5:
            return Response(status=409)
        Key.objects.create(user=request.user)
        return Response()
#% update_or_create unique with Python value
class Setting(models.Model):
    key = models.CharField(max_length=5, unique=True)
    value = models.CharField(max_length=5)
def put(key, value):
    Setting.objects.update_or_create(key=key, defaults={"value": str(value)})
#% locked then helper recompute
@transaction.atomic
def pay(request, pk):
    order = Order.objects.select_for_update().get(pk=pk)
    recalc(order)
def recalc(order):
    order.total = order.lines.aggregate(s=Sum("p"))["s"]
    order.save(update_fields=["total"])
#% pop session
def cb(request):
    state = request.session.pop("state", None)
    if state is None:
        return HttpResponse(status=400)
    Account.objects.update_or_create(uid=state, defaults={"name": "x"})
#% sync from remote
def sync(remote):
    for item in remote.fetch():
        obj, created = Thing.objects.update_or_create(remote_id=item["id"], defaults={"name": item["name"]})
#% claim with returning bool
class Job(models.Model):
    state = models.CharField(max_length=5)
    def claim(self):
        return Job.objects.filter(pk=self.pk, state="new").update(state="run") == 1
def run(pk):
    job = Job.objects.get(pk=pk)
    if not job.claim():
        return
    send_mail("a", "b", None, ["c"])
#% select for update exists first
@transaction.atomic
def seat(request, pk):
    show = Show.objects.select_for_update().get(pk=pk)
    if show.bookings.count() >= show.capacity:
        raise Full()
    show.bookings.create(user=request.user)
#% get_for_update manager helper raising 404
@transaction.atomic
def pay(request, pk):
    order = get_object_or_404(Order.objects.select_for_update(), pk=pk)
    if order.paid:
        return HttpResponse(status=409)
    order.paid = True
    order.save(update_fields=["paid"])
    Payment.objects.create(order=order)
#% model clean
class Booking(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    def clean(self):
        if Booking.objects.filter(room=self.room).exists():
            raise ValidationError("x")
#% F in loop
def vote(request, pks):
    for pk in pks:
        Poll.objects.filter(pk=pk).update(n=F("n") + 1)
#% signal creating profile on created
@receiver(post_save, sender=User)
def make_profile(sender, instance, created, **kwargs):
    if created:
        Profile.objects.create(user=instance)
#% select_for_update via async
async def spend(pk):
    async with lock:
        w = await Wallet.objects.aget(pk=pk)
        w.n += 1
        await w.asave()
#% sync_to_async atomic
@sync_to_async
@transaction.atomic
def spend(pk):
    w = Wallet.objects.select_for_update().get(pk=pk)
    w.n += 1
    w.save()
#% lock id list then refetch
@transaction.atomic
def spend(pks):
    list(Wallet.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    for w in Wallet.objects.filter(pk__in=pks):
        w.n += 1
        w.save()
#% service layer locked
class WalletRepository:
    def find_locked(self, pk):
        return Wallet.objects.select_for_update().get(pk=pk)
class WalletService:
    def __init__(self):
        self.repository = WalletRepository()
    @transaction.atomic
    def debit(self, pk, amount):
        wallet = self.repository.find_locked(pk)
        if wallet.balance < amount:
            raise ValueError("poor")
        wallet.balance -= amount
        wallet.save()
#% classmethod locked
class Ticket(models.Model):
    state = models.CharField(max_length=9)
    @classmethod
    def take(cls, pk, user):
        with transaction.atomic():
            ticket = cls.objects.select_for_update().get(pk=pk)
            if ticket.state == "free":
                ticket.state = "taken"
                ticket.save()
                Assignment.objects.create(ticket=ticket, user=user)
#% manager F
class PostManager(models.Manager):
    def like(self, pk):
        self.filter(pk=pk).update(likes=F("likes") + 1)
class Post(models.Model):
    likes = models.IntegerField(default=0)
    objects = PostManager()
#% signal F
@receiver(post_save, sender=Comment)
def count(sender, instance, created, **kwargs):
    if created:
        Post.objects.filter(pk=instance.post_id).update(n_comments=F("n_comments") + 1)
#% serializer create F conditional
class SlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Slot
        fields = ["event"]
    @transaction.atomic
    def create(self, validated_data):
        if not Event.objects.filter(pk=validated_data["event"].pk, left__gt=0).update(left=F("left") - 1):
            raise serializers.ValidationError("full")
        return Slot.objects.create(**validated_data)
#% celery claim
@shared_task
def deliver(pk):
    if not Parcel.objects.filter(pk=pk, status="new").update(status="sending"):
        return
    parcel = Parcel.objects.get(pk=pk)
    courier.send(parcel.address)
    Parcel.objects.filter(pk=pk).update(status="sent")
#% refresh under lock
@transaction.atomic
def topup(request, pk):
    card = Card.objects.get(pk=pk)
    card = Card.objects.select_for_update().get(pk=card.pk)
    card.balance += 5
    card.save()
#% refresh_from_db(from_queryset)
@transaction.atomic
def topup(card):
    card.refresh_from_db(from_queryset=Card.objects.select_for_update())
    card.balance += 5
    card.save()
#% F through attribute
def hit(request, pk):
    page = Page.objects.get(pk=pk)
    page.hits = F("hits") + 1
    page.save(update_fields=["hits"])
    page.refresh_from_db()
    return JsonResponse({"hits": page.hits})
#% F augmented
def hit(request, pk):
    page = Page.objects.get(pk=pk)
    page.hits += F("hits")
    page.save(update_fields=["hits"])
#% bulk locked
@transaction.atomic
def decay(request):
    items = list(Item.objects.select_for_update().filter(owner=request.user))
    for item in items:
        item.energy -= 1
    Item.objects.bulk_update(items, ["energy"])
#% walrus conditional
def claim(request, pk):
    if (n := Gift.objects.filter(pk=pk, owner=None).update(owner=request.user)) == 0:
        return Response(status=409)
    return Response({"n": n})
#% async locked
async def spend(request, pk):
    def work():
        with transaction.atomic():
            wallet = Wallet.objects.select_for_update().get(pk=pk)
            wallet.coins -= 3
            wallet.save()
    await sync_to_async(work)()
#% async F
async def spend(request, pk):
    await Wallet.objects.filter(pk=pk, coins__gte=3).aupdate(coins=F("coins") - 3)
#% get_or_create unique with two fields
class Like(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="once")]
def like(request, post):
    like, created = Like.objects.get_or_create(user=request.user, post=post)
    return HttpResponse(status=201 if created else 200)
#% except IntegrityError around create
def register(request):
    if User.objects.filter(username=request.POST["name"]).exists():
        return HttpResponse(status=409)
    try:
        User.objects.create(username=request.POST["name"])
    except IntegrityError:
        return HttpResponse(status=409)
#% durable locked
def withdraw(pk, n):
    with transaction.atomic(durable=True):
        account = Account.objects.select_for_update().get(pk=pk)
        if account.balance >= n:
            account.balance -= n
            account.save()
#% alias locked
def withdraw(pk, n):
    with transaction.atomic(using="ledger"):
        account = Account.objects.using("ledger").select_for_update().get(pk=pk)
        account.balance -= n
        account.save(using="ledger")
#% of self
@transaction.atomic
def ship(request, pk):
    line = Line.objects.select_related("order").select_for_update(of=("self",)).get(pk=pk)
    line.shipped += 1
    line.save()
#% skip locked claim
@transaction.atomic
def next_job():
    job = Job.objects.select_for_update(skip_locked=True).filter(state="new").order_by("pk").first()
    if job is None:
        return None
    job.state = "running"
    job.save()
    return job
#% conditional unique covers
class Lease(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    active = models.BooleanField()
    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], condition=models.Q(active=True), name="one")]
def rent(request, room):
    try:
        with transaction.atomic():
            Lease.objects.create(room=room, active=True)
    except IntegrityError:
        raise ValueError("taken")
#% otp claimed by update
class LoginCode(models.Model):
    code = models.CharField(max_length=6)
    used_at = models.DateTimeField(null=True)
    def redeem(self):
        claimed = LoginCode.objects.filter(pk=self.pk, used_at=None).update(used_at=timezone.now())
        if not claimed:
            raise ValueError("used")
        return Token.objects.create(user=self.user)
#% otp delete count
class Verify(APIView):
    def post(self, request):
        code = Code.objects.filter(value=request.data["code"]).first()
        if not code:
            return Response(status=400)
        deleted, _ = Code.objects.filter(pk=code.pk).delete()
        if not deleted:
            return Response(status=400)
        token, _ = Token.objects.get_or_create(user=code.user)
        return Response({"token": token.key})
#% refresh conditional
class Refresh(APIView):
    def post(self, request):
        with transaction.atomic():
            changed = RefreshToken.objects.filter(token=request.data["refresh"], revoked=False).update(revoked=True)
            if changed != 1:
                return Response(status=401)
            new = RefreshToken.objects.create(user=request.user)
        return Response({"refresh": new.token})
#% on_commit partial
def checkout(request):
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
        transaction.on_commit(functools.partial(send_receipt.delay, order.id))
    return redirect(order)
#% task after atomic with flag
def checkout(request):
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
    send_receipt.delay(order.id)
#% json locked
def mark(request, pk):
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=pk)
        order.data.setdefault("seen", []).append(request.user.pk)
        order.save(update_fields=["data"])
#% patch through serializer only
class Rename(generics.UpdateAPIView):
    queryset = Article.objects.all()
    serializer_class = ArticleSerializer
    def perform_update(self, serializer):
        serializer.save(editor=self.request.user)
#% version in filter
class DocView(APIView):
    def patch(self, request, pk):
        n = Doc.objects.filter(pk=pk, version=request.data["version"]).update(body=request.data["body"], version=F("version") + 1)
        return Response({}, status=200 if n else 409)
#% locked join
@transaction.atomic
def join(request, pk):
    team = get_object_or_404(Team.objects.select_for_update(), pk=pk)
    if team.members.count() >= team.size:
        return redirect(team)
    team.members.add(request.user)
    return redirect(team)
#% plain form save
def edit(request, pk):
    article = get_object_or_404(Article, pk=pk)
    form = ArticleForm(request.POST, instance=article)
    if form.is_valid():
        form.save()
        return redirect(article)
#% owner check then update
def rename(request, pk):
    note = get_object_or_404(Note, pk=pk)
    if note.owner != request.user:
        raise PermissionDenied
    note.title = request.POST["title"]
    note.save(update_fields=["title"])
#% delete if owner
def remove(request, pk):
    note = get_object_or_404(Note, pk=pk, owner=request.user)
    note.delete()
    return redirect("/")
#% last seen
def touch(request):
    request.user.last_seen = timezone.now()
    request.user.save(update_fields=["last_seen"])
#% new object then counter on itself
def make(request):
    cart = Cart.objects.create(user=request.user)
    cart.total = sum(int(x) for x in request.POST.getlist("p"))
    cart.save()
#% parent exists check
def reply(request, pk):
    if not Topic.objects.filter(pk=pk).exists():
        raise Http404
    Reply.objects.create(topic_id=pk, user=request.user)
#% get or 404 then create child
def order(request, pk):
    product = get_object_or_404(Product, pk=pk)
    if not product.available:
        return HttpResponse(status=410)
    Order.objects.create(product=product, user=request.user)
#% repeatable set flag
def archive(request, pk):
    mail = Mail.objects.get(pk=pk, user=request.user)
    if not mail.archived:
        mail.archived = True
        mail.save(update_fields=["archived"])
    return HttpResponse()
#% lock via get_queryset in view
class Spend(APIView):
    def get_queryset(self):
        return Account.objects.select_for_update()
    @transaction.atomic
    def post(self, request, pk):
        account = get_object_or_404(self.get_queryset(), pk=pk)
        account.points -= 1
        account.save()
        return Response()
#% atomic mixin dispatch
class AtomicMixin:
    @transaction.atomic
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)
class Spend(AtomicMixin, View):
    def post(self, request, pk):
        account = Account.objects.select_for_update().get(pk=pk)
        account.points -= 1
        account.save()
        return HttpResponse()
#% ATOMIC_REQUESTS-free helper called in atomic
def _locked(pk):
    return Account.objects.select_for_update().get(pk=pk)
class Spend(View):
    def post(self, request, pk):
        with transaction.atomic():
            account = _locked(pk)
            account.points -= 1
            account.save()
        return HttpResponse()
#% data migration-like new rows
def seed():
    for name in ["a", "b"]:
        Role.objects.update_or_create(name=name, defaults={"level": 1})
#% what the client sent is changed before it is saved
class Hosts(generics.ListCreateAPIView):
    queryset = Host.objects.all()
    serializer_class = HostSerializer
    def create(self, request, *args, **kwargs):
        data = request.data
        data["group"] = kwargs["pk"]
        return super().create(request, *args, **kwargs)
#% looked for by its key, and belonging to nobody
def global_setting(key):
    return Setting.objects.filter(key=key, user__isnull=True).order_by("pk").first()
#% a name made of texts
def copy(request, pk):
    template = Template.objects.get(pk=pk)
    template.name = template.name.split("@", 1)[0] + " @ " + timezone.now().strftime("%H:%M")
    return template
#% released, then a column that nothing of the row decides
def finish(pk, version):
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=pk)
        job.touched = True
        job.save(update_fields=["touched"])
    job.version = version
    job.save(update_fields=["version"])
#% a model that the settings name, found or made in one
Ticket = get_ticket_model()
def admit(code, holder):
    ticket, created = Ticket.objects.update_or_create(code=code, defaults={"holder": holder})
    return ticket
#% made where none was found, and the conflict handled
def rate(request, pk):
    try:
        vote = Vote.objects.get(film=pk, user=request.user)
    except Vote.DoesNotExist:
        vote = Vote(film_id=pk, user=request.user)
    vote.stars = request.POST["stars"]
    try:
        vote.save()
    except IntegrityError:
        return HttpResponse(status=409)
#% a lock through a helper that is read
def locked_baskets():
    return Basket.objects.order_by("pk").select_for_update(of=["self"])
def index(pks):
    with transaction.atomic():
        rows = list(locked_baskets().filter(pk__in=pks))
        for row in rows:
            row.text = "x"
        Basket.objects.bulk_update(rows, ["text"])
#% claimed under a lock, the outcome written later (after kpi 535964b)
class Export(models.Model):
    status = models.CharField(max_length=10)
    def run(self):
        with transaction.atomic():
            again = Export.objects.select_for_update().get(pk=self.pk)
            self.status = again.status
            if self.status != "new":
                return
            self.status = "running"
            self.save(update_fields=["status"])
        self.status = self.work()
        self.save(update_fields=["status"])
#% a free reference, and the conflict handled
def number(pk):
    case = Case.objects.get(pk=pk)
    while True:
        code = random_text()
        if Case.objects.filter(code=code).exists():
            continue
        case.code = code
        try:
            with transaction.atomic():
                case.save(update_fields=["code"])
        except IntegrityError:
            continue
        return code
#% tested early, then looked for again by its state under the lock (after django-oauth-toolkit 281b46c)
class Pass(models.Model):
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    ended = models.DateTimeField(null=True)
    def end(self):
        with transaction.atomic():
            self = Pass.objects.filter(pk=self.pk, ended__isnull=True).select_for_update().first()
            if not self:
                return
            Log.objects.create(owner=self.owner)
            self.owner = None
            self.ended = timezone.now()
            self.save()
def leave(request, pk):
    card = Pass.objects.get(pk=pk)
    if card.owner is None:
        return HttpResponse(status=409)
    card.end()
#% another server is asked inside the transaction
@transaction.atomic
def add_author(request):
    author = Author.objects.create(name=request.POST["name"])
    answer = requests.get(CATALOGUE, params={"name": author.name})
    author.born = answer.json()["born"]
    author.save(update_fields=["born"])
#% a property gives the row that is due
class Plan(models.Model):
    @property
    def current(self):
        return self.reports.filter(submission__isnull=True, skipped=False).first()
#% looked for by a function, which no row has for its value
class Pass(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    code = models.CharField(max_length=8)
def six_digits():
    return get_random_string(6)
def send_pass(request):
    entry, _ = Pass.objects.update_or_create(user=request.user, code=six_digits)
    send_mail("code", entry.code, None, [request.user.email])
#% counted one way where it was new, another way where it was not
def vote(request, pk, delta):
    vote = Vote(comment_id=pk, voter=request.user, score=delta)
    try:
        with transaction.atomic():
            vote.save()
    except IntegrityError:
        Comment.objects.filter(pk=pk).update(score=F("score") - delta)
    else:
        Comment.objects.filter(id=pk).update(score=F("score") + delta)
#% a session is made and only asks
@transaction.atomic
def register(request):
    Record.objects.create(user=request.user)
    with requests.Session() as session:
        session.headers.update({"Accept": "application/json"})
        return session.get("https://example.org/").json()
#% what belongs to a row that was just made
class Account(models.Model):
    name = models.CharField(max_length=30)
class Profile(models.Model):
    account = models.OneToOneField(Account, on_delete=models.CASCADE)
    visits = models.IntegerField(default=0)
    source = models.CharField(max_length=30)
def visited(pk):
    Profile.objects.filter(pk=pk).update(visits=F("visits") + 1)
def sign_up(request):
    account = Account.objects.create(name=request.POST["name"])
    account.profile.source = request.POST["source"]
    account.profile.save()
#% a view that makes one under a lock
class LineViewSet(viewsets.ModelViewSet):
    serializer_class = LineSerializer
    def create(self, request, *args, **kwargs):
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)
            if Line.objects.filter(user=request.user):
                raise ValidationError("There is one.")
            return super().create(request, *args, **kwargs)
#% copy of a row
def clone(request, pk):
    project = Project.objects.get(pk=pk)
    project.pk = None
    project.name = "Copy of " + project.name
    project.save()
    Task.objects.create(project=project)
#% another row's key
def publish(draft):
    official = draft.official
    if draft.state == "new":
        draft.pk = official.pk if official else None
        draft.state = "published"
        draft.save()
        Log.objects.create(project=draft)
#% among what hangs on a new row
def load(request):
    recipe = Recipe.objects.create(name=request.POST["name"])
    step = recipe.steps.first()
    if not step:
        step = Step.objects.create(text="")
        recipe.steps.add(step)
#% made with a key of its own
def receive(message):
    try:
        ticket = Ticket.objects.get(pk=message.ticket)
    except Ticket.DoesNotExist:
        ticket = Ticket.objects.create(title=message.subject)
    return ticket
#% a call that a lock keeps single
@transaction.atomic
def register(user):
    account = Account.objects.select_for_update().get(user=user)
    account.registered = True
    account.save(update_fields=["registered"])
    answer = requests.post("https://example.org/accounts", json={"user": user.email})
    if answer.status_code != 200:
        raise RegistrationFailed()
#% saved before what is computed from its children
def store(order, text):
    order.text = text
    order.save(update_fields=["text"])
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        order.total = sum(line.price for line in order.lines.all())
        order.save(update_fields=["total"])
#% the same given to others again
def close(request, pk):
    account = Account.objects.get(pk=pk)
    if account.open:
        account.open = False
        account.save(update_fields=["open"])
        account.team.accounts.remove(account)
        account.key.active = False
        account.key.save(update_fields=["active"])
#% another row's key, given in a called function
def officially(obj):
    if obj.draft:
        obj.pk = obj.official.pk if obj.official else None
        obj.draft = False
        obj.save()
    return obj
def publish(pk):
    draft = Course.objects.get(pk=pk)
    if draft.draft:
        official = officially(draft)
        official.save()
        send_mail("published", official.name, None, [])
#% made, then taken back
@transaction.atomic
def reserve(request, pk):
    room = Room.objects.select_for_update().get(pk=pk)
    if room.reservation_set.count() >= 3:
        return HttpResponse(status=409)
    with transaction.atomic():
        reservation = Reservation.objects.create(room=room)
    if not door.opens(reservation):
        reservation.delete()
#% rows counted off with enumerate, only read
def listing(course):
    lines = []
    for index, seat in enumerate(course.seats.filter(state="open")):
        lines.append("%s: %s" % (index, seat.number))
    return lines
#% an order written over, blindly
def reorder(board, ids):
    for index, card in enumerate(board.cards.all()):
        card.position = index
        card.save(update_fields=["position"])
#% rows and names side by side, locked
@transaction.atomic
def give_keys(product, addresses):
    keys = LicenceKey.objects.select_for_update().filter(product=product, used=False)[: len(addresses)]
    for key, address in zip(keys, addresses):
        key.used = True
        key.email = address
        key.save(update_fields=["used", "email"])
#% enumerated rows under a lock
@transaction.atomic
def settle(batch):
    for place, account in enumerate(Account.objects.select_for_update().filter(batch=batch), start=1):
        account.balance = account.balance + place
        account.save()
#% pairs of rows that are new
def enrol(course, people):
    places = [Place(course=course, person=one) for one in people]
    for place, number in zip(places, range(len(people))):
        place.number = number
    Place.objects.bulk_create(places)
#% the database says no, and that is an answer
def student(data):
    try:
        try:
            return Student.objects.get(number=data["number"])
        except Student.DoesNotExist:
            return Student.objects.create(number=data["number"], name=data["name"])
    except IntegrityError as error:
        raise Conflict("there is one already") from error
#% whatever is raised, it is looked for again
def tag(name):
    try:
        found = Tag.objects.filter(name=name).first()
        if found is None:
            found = Tag.objects.create(name=name)
        return found
    except Exception:
        return Tag.objects.get(name=name)
#% any error is an answer
class Join(View):
    def post(self, request, pk):
        try:
            if Membership.objects.filter(club_id=pk, user=request.user).exists():
                return HttpResponse(status=409)
            Membership.objects.create(club_id=pk, user=request.user)
        except DatabaseError:
            return HttpResponse(status=409)
        return HttpResponse(status=201)
#% raised only where it is something else
def device_for(serial):
    try:
        device = Device.objects.filter(serial=serial).first()
        if not device:
            device = Device(serial=serial)
            device.save()
        return device
    except DatabaseError:
        other = Device.objects.filter(serial=serial).first()
        if other:
            return other
        raise
#% the admin's transaction, told after it
class PlanAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: build_plan.delay(obj.pk))
#% the admin, before anything is written
class PlanAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        audit.delay(request.user.pk)
        super().save_model(request, obj, form, change)
#% the admin, nothing leaves
class PlanAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        obj.editor = request.user
        super().save_model(request, obj, form, change)
        messages.success(request, "saved")
#% an action of the admin is in no transaction
class PlanAdmin(admin.ModelAdmin):
    def rebuild(self, request, queryset):
        queryset.update(stale=True)
        rebuild_all.delay()
#% no admin
class Store:
    def save_model(self, request, obj, form, change):
        obj.save()
        build_plan.delay(obj.pk)
#% a class that subclasses name, guarded
class Importer:
    KIND = None
    def import_row(self, owner, name):
        known = owner.items.filter(name=name)
        if not known.exists():
            try:
                with transaction.atomic():
                    item = self.KIND(owner=owner, name=name)
                    item.save()
            except IntegrityError:
                pass
#% a class under an attribute that is no row
class Base:
    client_class = None
    def note(self, person, day):
        if person.entries.filter(day=day).exists():
            return
        client = self.client_class(person=person, day=day)
        client.open()
#% a class under an attribute, under a lock
class Base:
    entry_class = None
    @transaction.atomic
    def note(self, pk, day):
        person = Person.objects.select_for_update().get(pk=pk)
        if person.entries.filter(day=day).exists():
            return
        entry = self.entry_class(person=person, day=day)
        entry.save()
#% a library looks for a free value under a lock
class CaseManager(models.Manager):
    def open(self, branch, day):
        with advisory_lock("cases"):
            draft = Case(branch=branch)
            code = generate_unique_code(draft, "code")
            return Case.objects.create(code=code, branch=branch)
#% a random value from a library
def issue(customer):
    number = generate_unique_id()
    return Invoice.objects.create(number=number, customer=customer)
#% kept where there is one
def fill(pk, shop):
    order = Order.objects.get(pk=pk)
    order.currency = order.currency or shop.currency
    order.save(update_fields=["currency"])
#% kept where there is one, in a transaction
@transaction.atomic
def fill(pk, shop):
    order = Order.objects.get(pk=pk)
    order.currency = order.currency if order.currency else shop.currency
    order.save(update_fields=["currency"])
#% a default where none was given, in the admin
class PlanAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        obj.catalogue = obj.catalogue or obj.agreement.catalogue
        super().save_model(request, obj, form, change)
#% locked, then narrowed by a method of the queryset's own
class SeatQuerySet(models.QuerySet):
    def of(self, show):
        return self.filter(show=show)
class Seat(models.Model):
    holder = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    show = models.ForeignKey(Show, on_delete=models.CASCADE)
    objects = SeatQuerySet.as_manager()
@transaction.atomic
def take(user, show):
    seat = Seat.objects.select_for_update().filter(holder=None).of(show).first()
    seat.holder = user
    seat.save(update_fields=["holder"])
#% locked rows, each in a block of its own inside
class ClusterQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state__in=["up", "starting"])
class Cluster(models.Model):
    state = models.CharField(max_length=10)
    warned = models.BooleanField(default=False)
    objects = ClusterQuerySet.as_manager()
    def rename(self, name):
        self.name = name
        self.save(update_fields=["name"])
def warn():
    with transaction.atomic():
        for cluster in Cluster.objects.select_for_update().active().filter(warned=False):
            with transaction.atomic():
                cluster.warned = True
                cluster.save()
#% locked by a method, narrowed before
class WalletQuerySet(models.QuerySet):
    def held(self):
        return self.select_for_update()
class Wallet(models.Model):
    coins = models.IntegerField()
    objects = WalletQuerySet.as_manager()
@transaction.atomic
def spend(pk, n):
    wallet = Wallet.objects.filter(pk=pk).held().get()
    wallet.coins -= n
    wallet.save()
#% narrowed, and written by the database
class WalletQuerySet(models.QuerySet):
    def rich(self):
        return self.filter(coins__gte=100)
class Wallet(models.Model):
    coins = models.IntegerField()
    objects = WalletQuerySet.as_manager()
def spend(pk):
    Wallet.objects.filter(pk=pk).rich().update(coins=F("coins") - 100)
#% a getter that locks where it is asked to, in one of two branches
def job_of(pk, lock=False):
    if lock:
        job = Job.objects.select_for_update().get(pk=pk)
    else:
        job = Job.objects.get(pk=pk)
    return job
def report(pk, text):
    with transaction.atomic():
        job = job_of(pk, lock=True)
        job.reports.append(text)
        job.save(update_fields=["reports"])
#% a getter that locks where it is asked to, by a queryset
def wallet_of(user, for_update=False):
    wallets = Wallet.objects.all()
    if for_update:
        wallets = wallets.select_for_update()
    return wallets.get(user=user)
@transaction.atomic
def spend(user, n):
    wallet = wallet_of(user, for_update=True)
    wallet.coins -= n
    wallet.save()
#% a getter that locks unless it is told not to
def wallet_of(user, locked=True):
    if locked:
        return Wallet.objects.select_for_update().get(user=user)
    return Wallet.objects.get(user=user)
@transaction.atomic
def spend(user, n):
    wallet = wallet_of(user)
    wallet.coins -= n
    wallet.save()
#% a lock by a flag given in place
def find(pk, lock):
    manager = Order.objects
    if lock:
        manager = manager.select_for_update()
    return manager.get(pk=pk)
@transaction.atomic
def pay(pk):
    order = find(pk, True)
    if order.paid:
        return
    charge.delay(pk)
    order.paid = True
    order.save()
#% a table that is locked by statement, by name
class Lease(models.Model):
    number = models.IntegerField()
    def number_it(self):
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE %s" % self._meta.db_table)
        last = Lease.objects.aggregate(Max("number"))["number__max"]
        Lease.objects.create(number=last + 1)
#% a table that is locked by statement, put together
def number_it():
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE {} IN EXCLUSIVE MODE".format(Lease._meta.db_table))
        last = Lease.objects.aggregate(Max("number"))["number__max"]
        Lease.objects.create(number=last + 1)
#% a transition of a locked row
class Invoice(models.Model):
    state = FSMField(default="draft")
    @transition(field=state, source="draft", target="issued")
    def issue(self):
        Entry.objects.create(invoice=self)
def issue(pk):
    with transaction.atomic():
        invoice = Invoice.objects.select_for_update().get(pk=pk)
        invoice.issue()
        invoice.save()
#% a state machine that saves only what has not changed
class Invoice(ConcurrentTransitionMixin, models.Model):
    state = FSMField(default="draft")
    @transition(field=state, source="draft", target="issued")
    def issue(self):
        Entry.objects.create(invoice=self)
def issue(pk):
    with transaction.atomic():
        invoice = Invoice.objects.get(pk=pk)
        invoice.issue()
        invoice.save(update_fields=["state"])
#% a transition from anywhere
class Door(models.Model):
    state = FSMField(default="open")
    @transition(field=state, source="*", target="shut")
    def shut(self):
        Entry.objects.create(door=self)
def shut(pk):
    door = Door.objects.get(pk=pk)
    door.shut()
    door.save(update_fields=["state"])
#% a transition of a row that is new
class Invoice(models.Model):
    state = FSMField(default="draft")
    @transition(field=state, source="draft", target="issued")
    def issue(self):
        Entry.objects.create(invoice=self)
def bill(customer):
    invoice = Invoice(customer=customer)
    invoice.issue()
    invoice.save()
#% a transition that nothing follows
class Page(models.Model):
    state = FSMField(default="draft")
    @transition(field=state, source="draft", target="shown")
    def show(self):
        self.shown_by = "me"
def show(pk):
    page = Page.objects.get(pk=pk)
    page.show()
    page.save(update_fields=["state"])
#% another decorator of that name
class Clip(models.Model):
    effect = models.CharField(max_length=10)
    @transition(kind="fade")
    def play(self):
        Entry.objects.create(clip=self)
def play(pk):
    clip = Clip.objects.get(pk=pk)
    clip.play()
    clip.save(update_fields=["effect"])
#% a validator of a library asks, and the database is heard
class Registration(models.Model):
    reference = models.CharField(max_length=40, unique=True)
class RegistrationSerializer(serializers.Serializer):
    reference = serializers.CharField(max_length=40, validators=[UniqueValidator(queryset=Registration.objects.all())])
class Register(APIView):
    def post(self, request):
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            Registration.objects.create(reference=serializer.validated_data["reference"], by=request.user)
        except IntegrityError:
            return Response({"reference": "taken"}, status=400)
        return Response(status=201)
#% a validator of a library asks of another table
class Registration(models.Model):
    reference = models.CharField(max_length=40, unique=True)
class RegistrationSerializer(serializers.Serializer):
    reference = serializers.CharField(max_length=40, validators=[UniqueValidator(queryset=Blocked.objects.all())])
class Register(APIView):
    def post(self, request):
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        Registration.objects.create(reference=serializer.validated_data["reference"], by=request.user)
        return Response(status=201)
#% one that is open: cleaned in save, and the constraint is heard
class Call(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, default="open")
    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], condition=Q(state="open"), name="one_open")]
    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
class StartCall(APIView):
    def post(self, request, pk):
        room = Room.objects.get(pk=pk)
        try:
            with transaction.atomic():
                Call.objects.create(room=room)
        except (ValidationError, IntegrityError):
            return Response(status=409)
        return Response(status=201)
#% a constraint with a condition, and nothing asks before
class Call(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, default="open")
    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], condition=Q(state="open"), name="one_open")]
def start(request, pk):
    Call.objects.create(room_id=pk)
    return HttpResponse(status=201)
#% cleaned in save, and locked
class Call(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, default="open")
    class Meta:
        constraints = [models.UniqueConstraint(fields=["room"], condition=Q(state="open"), name="one_open")]
    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
@transaction.atomic
def start(request, pk):
    room = Room.objects.select_for_update().get(pk=pk)
    Call.objects.create(room=room)
    return HttpResponse(status=201)
