# Races in many shapes, one a heading: names, helpers and frameworks differ, the gap is the same few.
#% setattr helper
def bump(obj, name, n):
    setattr(obj, name, getattr(obj, name) + n)
    obj.save()
def view(request, pk):
    w = Wallet.objects.get(pk=pk)
    bump(w, "coins", 3)
#% serializer update
class WithdrawSerializer(serializers.ModelSerializer):
    def update(self, instance, validated_data):
        instance.balance = instance.balance - validated_data["amount"]
        instance.save()
        return instance
#% serializer validate then create
class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
    def validate(self, attrs):
        if Booking.objects.filter(room=attrs["room"], day=attrs["day"]).exists():
            raise serializers.ValidationError("taken")
        return attrs
    def create(self, validated_data):
        return Booking.objects.create(**validated_data)
#% validate only, default create
class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
    def validate(self, attrs):
        if Booking.objects.filter(room=attrs["room"], day=attrs["day"]).exists():
            raise serializers.ValidationError("taken")
        return attrs
#% perform_create
class VoteViewSet(viewsets.ModelViewSet):
    queryset = Vote.objects.all()
    def perform_create(self, serializer):
        if Vote.objects.filter(user=self.request.user, poll=serializer.validated_data["poll"]).exists():
            raise ValidationError("voted")
        serializer.save(user=self.request.user)
#% apiview helper method
class Spend(APIView):
    def get_wallet(self, request):
        return Wallet.objects.get(owner=request.user)
    def post(self, request):
        wallet = self.get_wallet(request)
        amount = int(request.data["amount"])
        if wallet.balance < amount:
            return Response(status=402)
        wallet.balance -= amount
        wallet.save(update_fields=["balance"])
        return Response()
#% task
@shared_task
def charge(order_id):
    order = Order.objects.get(id=order_id)
    if order.charged:
        return
    gateway.charge(order.total)
    order.charged = True
    order.save()
#% model method
class Item(models.Model):
    available = models.IntegerField()
    def reserve(self, n):
        if self.available < n:
            raise OutOfStock()
        self.available = self.available - n
        self.save(update_fields=["available"])
#% manager take
class LicenseManager(models.Manager):
    def take(self):
        lic = self.filter(used=False).first()
        lic.used = True
        lic.save()
        return lic
class License(models.Model):
    used = models.BooleanField(default=False)
    objects = LicenseManager()
#% signal
@receiver(post_save, sender=Comment)
def count(sender, instance, created, **kwargs):
    if created:
        profile = instance.author.profile
        profile.comments += 1
        profile.save()
#% update with python value
def use(request, pk):
    coupon = Coupon.objects.get(pk=pk)
    Coupon.objects.filter(pk=pk).update(uses=coupon.uses + 1)
#% update by coupon.pk
def use(request, pk):
    coupon = Coupon.objects.get(pk=pk)
    Coupon.objects.filter(pk=coupon.pk).update(uses=coupon.uses + 1)
#% update on the queryset
def use(request, code):
    qs = Coupon.objects.filter(code=code)
    current = qs.first()
    qs.update(uses=current.uses + 1)
#% values
def use(request, pk):
    n = Coupon.objects.filter(pk=pk).values_list("uses", flat=True).get()
    Coupon.objects.filter(pk=pk).update(uses=n + 1)
#% update_or_create
def hit(request, url):
    existing = Counter.objects.filter(url=url).first()
    Counter.objects.update_or_create(url=url, defaults={"n": (existing.n if existing else 0) + 1})
#% ATOMIC view
@transaction.atomic
def deposit(request, pk):
    account = Account.objects.get(pk=pk)
    account.balance += Decimal(request.POST["amount"])
    account.save()
#% one-time code
def verify(request):
    code = OneTime.objects.filter(code=request.POST["code"], used=False).first()
    if code is None:
        return HttpResponse(status=400)
    code.used = True
    code.save()
    login(request, code.user)
#% one-time code issuing token
def verify(request):
    code = OneTime.objects.get(code=request.POST["code"])
    if code.used_at is not None:
        return HttpResponse(status=400)
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    token = Token.objects.create(user=code.user)
    return JsonResponse({"token": token.key})
#% attempts
def attempt(request, pk):
    otp = Otp.objects.get(pk=pk)
    if otp.attempts >= 5:
        raise PermissionDenied()
    if otp.code != request.POST["code"]:
        otp.attempts += 1
        otp.save()
        raise PermissionDenied()
#% invite
def accept(request, code):
    invite = get_object_or_404(Invite, code=code)
    Member.objects.create(user=request.user, team=invite.team)
    invite.delete()
#% transfer
@transaction.atomic
def transfer(request):
    a = Account.objects.get(pk=request.POST["a"])
    b = Account.objects.get(pk=request.POST["b"])
    if a.balance < 10:
        return HttpResponse(status=402)
    a.balance -= 10
    b.balance += 10
    a.save()
    b.save()
#% aggregate limit
def withdraw(request):
    total = Entry.objects.filter(user=request.user).aggregate(s=Sum("amount"))["s"]
    if total < 10:
        return HttpResponse(status=402)
    Entry.objects.create(user=request.user, amount=-10)
#% aggregate limit in helper
def balance(user):
    return Entry.objects.filter(user=user).aggregate(s=Sum("amount"))["s"] or 0
def withdraw(request):
    if balance(request.user) < 10:
        return HttpResponse(status=402)
    Entry.objects.create(user=request.user, amount=-10)
#% count+1
def number(request):
    n = Invoice.objects.count() + 1
    Invoice.objects.create(number=n)
#% last+1
def create(request):
    last = Invoice.objects.order_by("-number").first()
    inv = Invoice(number=(last.number + 1) if last else 1)
    inv.save()
#% model save
class Invoice(models.Model):
    number = models.IntegerField()
    def save(self, *args, **kwargs):
        if not self.number:
            self.number = (Invoice.objects.aggregate(Max("number"))["number__max"] or 0) + 1
        super().save(*args, **kwargs)
#% seat
def book(request):
    seat = Seat.objects.filter(booking__isnull=True).first()
    if seat is None:
        return HttpResponse(status=409)
    Booking.objects.create(seat=seat, user=request.user)
#% get except new save
def prefs(user):
    try:
        p = Prefs.objects.get(user=user)
    except Prefs.DoesNotExist:
        p = Prefs(user=user)
        p.save()
    return p
#% first or new
def prefs(user):
    p = Prefs.objects.filter(user=user).first() or Prefs(user=user)
    p.theme = "dark"
    p.save()
#% count zero
def follow(request, pk):
    if Follow.objects.filter(a=request.user, b_id=pk).count() == 0:
        Follow.objects.create(a=request.user, b_id=pk)
#% not qs
def follow(request, pk):
    existing = Follow.objects.filter(a=request.user, b_id=pk)
    if not existing:
        Follow.objects.create(a=request.user, b_id=pk)
#% len limit
def add(request):
    devices = Device.objects.filter(user=request.user)
    if len(devices) >= 3:
        raise Limit()
    device = Device(user=request.user)
    device.save()
#% limit in helper that raises
def ensure_room(user):
    if user.devices.count() >= 3:
        raise Limit()
def add(request):
    ensure_room(request.user)
    Device.objects.create(user=request.user)
#% check then F
def buy(request, pk):
    product = Product.objects.get(pk=pk)
    if product.stock < 1:
        return HttpResponse(status=409)
    Product.objects.filter(pk=pk).update(stock=F("stock") - 1)
    Purchase.objects.create(product=product)
#% lock without atomic
def buy(request, pk):
    product = Product.objects.select_for_update().get(pk=pk)
    product.stock -= 1
    product.save()
#% lock after read
def buy(request, pk):
    product = Product.objects.get(pk=pk)
    with transaction.atomic():
        Product.objects.select_for_update().get(pk=pk)
        product.stock -= 1
        product.save()
#% released in helper
def lock(pk):
    with transaction.atomic():
        return Product.objects.select_for_update().get(pk=pk)
def buy(request, pk):
    product = lock(pk)
    product.stock -= 1
    product.save()
#% refresh
def buy(product):
    product.refresh_from_db()
    product.stock -= 1
    product.save(update_fields=["stock"])
#% dict update
def tag(request, pk):
    o = Order.objects.get(pk=pk)
    o.meta.update({"a": request.POST["a"]})
    o.save()
#% merged
def tag(request, pk):
    o = Order.objects.get(pk=pk)
    o.meta = {**o.meta, "a": request.POST["a"]}
    o.save(update_fields=["meta"])
#% copy
def tag(request, pk):
    o = Order.objects.get(pk=pk)
    meta = dict(o.meta)
    meta["a"] = 1
    o.meta = meta
    o.save(update_fields=["meta"])
#% or
def tag(request, pk):
    o = Order.objects.get(pk=pk)
    meta = o.meta or {}
    meta["a"] = 1
    o.meta = meta
    o.save(update_fields=["meta"])
#% list
def tag(request, pk):
    u = User.objects.get(pk=pk)
    u.tags = u.tags + [request.POST["t"]]
    u.save()
#% mail
@transaction.atomic
def signup(request):
    u = User.objects.create(name=request.POST["name"])
    EmailMessage("hi", "text", to=[u.email]).send()
#% requests
def signup(request):
    with transaction.atomic():
        u = Order.objects.create(name=request.POST["name"])
        requests.post(URL, json={"id": u.pk})
#% jwt
def auth(request):
    payload = jwt.decode(request.headers["Authorization"], options={"verify_signature": False})
    user = User.objects.get(pk=payload["sub"])
#% async
async def add(request, pk):
    p = await Profile.objects.aget(pk=pk)
    p.score += 1
    await p.asave()
#% form_valid
class Edit(UpdateView):
    model = Doc
    def form_valid(self, form):
        doc = form.save(commit=False)
        doc.revision = doc.revision + 1
        doc.save()
        return redirect("x")
#% bulk_update
def tick(request):
    rows = list(Job.objects.filter(active=True))
    for row in rows:
        row.ticks += 1
    Job.objects.bulk_update(rows, ["ticks"])
#% collected
def tick(request):
    changed = []
    for row in Job.objects.filter(active=True):
        row.ticks += 1
        changed.append(row)
    Job.objects.bulk_update(changed, ["ticks"])
#% service class
class PayOrder:
    def __init__(self, order):
        self.order = order
    def run(self):
        if self.order.paid:
            return
        charge_card.delay(self.order.pk)
        self.order.paid = True
        self.order.save()
def view(request, pk):
    PayOrder(Order.objects.get(pk=pk)).run()
#% service with steps
class PayOrder:
    def __init__(self, pk):
        self.order = Order.objects.get(pk=pk)
    def check(self):
        if self.order.status != "open":
            raise ValueError()
    def run(self):
        self.check()
        Payment.objects.create(order=self.order)
        self.mark()
    def mark(self):
        self.order.status = "paid"
        self.order.save()
#% get_queryset
class V(viewsets.GenericViewSet):
    queryset = Coupon.objects.all()
    @action(detail=True, methods=["post"])
    def redeem(self, request, pk=None):
        coupon = self.get_queryset().get(pk=pk)
        if coupon.redeemed:
            return Response(status=409)
        coupon.redeemed = True
        coupon.save()
        Credit.objects.create(user=request.user)
        return Response()
#% m2m capacity
def join(request, pk):
    event = Event.objects.get(pk=pk)
    if event.attendees.count() >= event.capacity:
        return HttpResponse(status=409)
    event.attendees.add(request.user)
#% version
def put(request, pk):
    doc = Doc.objects.get(pk=pk)
    if doc.version != int(request.POST["version"]):
        return HttpResponse(status=409)
    doc.text = request.POST["text"]
    doc.version += 1
    doc.save()
#% toggle
def toggle(request, pk):
    like = Like.objects.filter(user=request.user, post_id=pk).first()
    if like:
        like.delete()
    else:
        Like.objects.create(user=request.user, post_id=pk)
#% total recomputed
def add_line(request, pk):
    order = Order.objects.get(pk=pk)
    Line.objects.create(order=order, price=request.POST["price"])
    order.total = sum(line.price for line in order.lines.all())
    order.save()
#% aggregated
class Review(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    stars = models.IntegerField()
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.product.rating = self.product.review_set.aggregate(a=Avg("stars"))["a"]
        self.product.save()
#% state machine in model method
class Order(models.Model):
    status = models.CharField(max_length=10)
    def cancel(self):
        if self.status not in ("open", "paid"):
            raise InvalidState()
        self.status = "cancelled"
        self.save(update_fields=["status"])
        Refund.objects.create(order=self)
#% quota
def upload(request):
    quota = Quota.objects.get(user=request.user)
    size = request.FILES["f"].size
    if quota.used + size > quota.limit:
        return HttpResponse(status=413)
    Upload.objects.create(user=request.user, size=size)
    quota.used += size
    quota.save()
#% refresh token model
def refresh(request):
    old = RefreshToken.objects.get(token=request.POST["refresh"])
    if old.revoked:
        return HttpResponse(status=401)
    old.revoked = True
    old.save()
    new = RefreshToken.objects.create(user=old.user, token=secrets.token_hex())
    return JsonResponse({"refresh": new.token})
#% refresh by delete
def refresh(request):
    old = RefreshToken.objects.get(token=request.POST["refresh"])
    new = RefreshToken.objects.create(user=old.user, token=secrets.token_hex())
    old.delete()
    return JsonResponse({"refresh": new.token})
#% max via order in helper
def next_position(board):
    last = board.cards.order_by("-position").first()
    return last.position + 1 if last else 0
def add(request, pk):
    board = Board.objects.get(pk=pk)
    Card.objects.create(board=board, position=next_position(board))
#% primary flag
def make_default(request, pk):
    address = Address.objects.get(pk=pk)
    if not Address.objects.filter(user=request.user, default=True).exists():
        address.default = True
        address.save()
#% unique_for check with instance save through form
class SignupForm(forms.Form):
    def clean_email(self):
        if User.objects.filter(email=self.cleaned_data["email"]).exists():
            raise forms.ValidationError("taken")
        return self.cleaned_data["email"]
    def save(self):
        return User.objects.create(email=self.cleaned_data["email"])
#% get_or_create then counter
def hit(request, path):
    page, created = Page.objects.get_or_create(path=path)
    page.hits += 1
    page.save()
#% save kwargs
def hit(request, pk):
    page = Page.objects.get(pk=pk)
    page.hits = page.hits + 1
    page.save(**{"update_fields": ["hits"]})
#% nested attribute
def hit(request, pk):
    page = Page.objects.select_related("stats").get(pk=pk)
    page.stats.hits += 1
    page.stats.save()
#% lock other table
@transaction.atomic
def redeem(request, pk):
    user = User.objects.select_for_update().get(pk=request.user.pk)
    gift = Gift.objects.get(pk=pk)
    if gift.left < 1:
        return HttpResponse(status=409)
    gift.left -= 1
    gift.save()
#% task in atomic through helper method
class Orders(APIView):
    @transaction.atomic
    def post(self, request):
        order = Order.objects.create(user=request.user)
        self.after(order)
        return Response()
    def after(self, order):
        send_receipt.delay(order.id)
#% recompute in helpers
class Order(models.Model):
    total = models.IntegerField()
class Payment(models.Model):
    order = models.ForeignKey(Order, related_name="payments", on_delete=models.CASCADE)
def set_total(order, payments):
    order.total = sum([p.amount for p in payments], 0)
def refresh_totals(order, payments=None, with_save=True):
    if payments is None:
        payments = order.payments.all()
    set_total(order, payments=payments)
    if with_save:
        order.save(update_fields=["total"])
def update_amounts(order, save=True):
    payments = order.payments.all()
    refresh_totals(order, payments=payments, with_save=False)
    if save:
        order.save(update_fields=["total"])
def update_order(order, data):
    fields = []
    if data:
        update_amounts(order, save=False)
        fields.extend(["total"])
    if fields:
        order.save(update_fields=fields)
#% dataclass lines + bulk_update
@dataclass
class LineInfo:
    line: OrderLine
    quantity: int
def fulfill(infos):
    for info in infos:
        info.line.quantity_fulfilled += info.quantity
    OrderLine.objects.bulk_update([i.line for i in infos], ["quantity_fulfilled"])
#% locals list comp
def fulfill(request):
    lines = [line for line in OrderLine.objects.filter(order=request.POST["o"])]
    for line in lines:
        line.done = line.done + 1
        line.save()
#% mixin method
class CountMixin:
    def bump(self):
        self.count = (self.count or 0) + 1
        self.save(update_fields=["count"])
class Page(CountMixin, models.Model):
    count = models.IntegerField(null=True)
#% abstract base
class Base(models.Model):
    hits = models.IntegerField(default=0)
    class Meta:
        abstract = True
    def hit(self):
        self.hits += 1
        self.save()
#% celery bind task
@app.task(bind=True)
def process(self, pk):
    job = Job.objects.get(pk=pk)
    if job.status != Job.PENDING:
        return
    job.status = Job.RUNNING
    job.save()
    run_report.delay(job.pk)
#% graphene mutation
class Buy(graphene.Mutation):
    @classmethod
    def mutate(cls, root, info, id):
        item = Item.objects.get(pk=id)
        if item.stock < 1:
            raise GraphQLError("x")
        item.stock -= 1
        item.save()
#% ninja
@api.post("/redeem")
def redeem(request, payload: RedeemIn):
    coupon = get_object_or_404(Coupon, code=payload.code)
    if coupon.times_used >= coupon.max_uses:
        raise HttpError(409, "x")
    coupon.times_used += 1
    coupon.save()
#% channels consumer
class C(AsyncWebsocketConsumer):
    async def receive(self, text):
        room = await Room.objects.aget(name=self.name)
        room.online += 1
        await room.asave(update_fields=["online"])
#% management worker loop
class Command(BaseCommand):
    def handle(self, *args, **options):
        while True:
            for job in Job.objects.filter(status="queued"):
                job.status = "running"
                job.save()
                self.run_job(job)
#% admin action
@admin.action(description="x")
def refund(modeladmin, request, queryset):
    for payment in queryset:
        if payment.refunded:
            continue
        gateway.refund(payment.ref)
        payment.refunded = True
        payment.save()
#% update(**data)
def pay(request, pk):
    w = Wlt.objects.get(pk=pk)
    data = {"balance": w.balance - 3}
    Wlt.objects.filter(pk=w.pk).update(**data)
#% nested atomic released then used
def claim(request, pk):
    with transaction.atomic():
        t = Task.objects.select_for_update().get(pk=pk)
        free = t.owner is None
    if free:
        t.owner = request.user
        t.save()
        notify.delay(t.pk)
#% lock count
@transaction.atomic
def spend(request, pk):
    qs = Wallet.objects.select_for_update().filter(pk=pk)
    w = Wallet.objects.get(pk=pk)
    w.coins -= 1
    w.save()
#% optimistic without check of count
def put(request, pk):
    doc = Doc.objects.get(pk=pk)
    Doc.objects.filter(pk=pk, version=doc.version).update(text=request.POST["t"], version=F("version") + 1)
    Event.objects.create(doc=doc)
#% get_or_create then check created false then set
def redeem(request, code):
    use, created = Use.objects.get_or_create(code=code, user=request.user)
    if use.count >= 3:
        raise Limit()
    use.count = use.count + 1
    use.save()
#% unsaved F then logic: read before
def vote(request, pk):
    poll = Poll.objects.get(pk=pk)
    if poll.closed or poll.votes >= poll.max_votes:
        return HttpResponse(status=409)
    poll.votes = F("votes") + 1
    poll.save()
#% exists by reverse relation
def apply(request, pk):
    job = Job.objects.get(pk=pk)
    if job.applications.filter(user=request.user).exists():
        return HttpResponse(status=409)
    job.applications.create(user=request.user)
#% exists by reverse relation create by model
def apply(request, pk):
    job = Job.objects.get(pk=pk)
    if job.applications.filter(user=request.user).exists():
        return HttpResponse(status=409)
    Application.objects.create(job=job, user=request.user)
#% custom user manager
class UserManager(BaseUserManager):
    def create_user(self, email):
        if self.filter(email=email).exists():
            raise ValueError()
        user = self.model(email=email)
        user.save(using=self._db)
        return user
#% form clean unique by ModelForm
class NameForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name"]
    def clean_name(self):
        name = self.cleaned_data["name"]
        if Team.objects.filter(name=name).exists():
            raise forms.ValidationError("x")
        return name
#% quota with aggregate in property
class Plan(models.Model):
    limit = models.IntegerField()
    @property
    def used(self):
        return self.projects.count()
class Project(models.Model):
    plan = models.ForeignKey(Plan, related_name="projects", on_delete=models.CASCADE)
def add(request, pk):
    plan = Plan.objects.get(pk=pk)
    if plan.used >= plan.limit:
        return HttpResponse(status=409)
    Project.objects.create(plan=plan)
#% quota with method on manager
class SeatManager(models.Manager):
    def free(self):
        return self.filter(taken=False)
class Seat(models.Model):
    taken = models.BooleanField(default=False)
    objects = SeatManager()
def book(request):
    seat = Seat.objects.free().first()
    if not seat:
        return HttpResponse(status=409)
    seat.taken = True
    seat.holder = request.user
    seat.save()
    Ticket.objects.create(seat=seat)
#% blacklist
class Refresh(APIView):
    def post(self, request):
        token = RefreshToken(request.data["refresh"])
        token.blacklist()
        user = User.objects.get(pk=token["user_id"])
        new = RefreshToken.for_user(user)
        return Response({"refresh": str(new)})
#% bearer auth class
class TokenAuth(BaseAuthentication):
    def authenticate(self, request):
        key = request.headers["Authorization"].split()[1]
        token = ApiToken.objects.filter(key=key).first()
        if token is None or token.revoked:
            raise AuthenticationFailed()
        token.uses += 1
        token.save()
        return token.user, token
#% unawaited delete+create
@transaction.atomic
def rotate(request):
    ApiKey.objects.filter(user=request.user).delete()
    ApiKey.objects.create(user=request.user)
    notify.delay(request.user.pk)
#% cached property on self.object
class Buy(DetailView):
    model = Item
    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.object.stock == 0:
            return HttpResponse(status=409)
        self.object.stock -= 1
        self.object.save()
        return redirect("x")
#% ternary, walrus
def use(request, code):
    if (c := Coupon.objects.filter(code=code).first()) and c.left:
        c.left -= 1
        c.save()
#% delete after check count
class Team(models.Model):
    name = models.CharField(max_length=9)
class Membership(models.Model):
    team = models.ForeignKey(Team, related_name="members", on_delete=models.CASCADE)
def leave(request, pk):
    team = Team.objects.get(pk=pk)
    if team.members.filter(role="owner").count() <= 1:
        return HttpResponse(status=409)
    Membership.objects.filter(team=team, user=request.user).delete()
#% save in else of update
def upsert(key, value):
    n = Setting.objects.filter(key=key).update(value=value)
    if not n:
        Setting.objects.create(key=key, value=value)
#% decimal helper function pure
def add(a, b):
    return a + b
def pay(request, pk):
    w = Wallet.objects.get(pk=pk)
    w.balance = add(w.balance, -3)
    w.save()
#% match
def act(request, pk):
    o = Order.objects.get(pk=pk)
    match o.status:
        case "new":
            o.status = "paid"
            o.save()
            Payment.objects.create(order=o)
#% last login counter in form.save override
class F(forms.ModelForm):
    class Meta:
        model = Article
    def save(self, commit=True):
        obj = super().save(commit=False)
        obj.edits += 1
        obj.save()
        return obj
#% sequence model next
class Sequence(models.Model):
    name = models.CharField(max_length=9, unique=True)
    last = models.IntegerField(default=0)
def next_number(name):
    seq, _ = Sequence.objects.get_or_create(name=name)
    seq.last += 1
    seq.save()
    return seq.last
#% session of cart merging
def add_to_cart(request, pk):
    cart = request.user.cart
    line = cart.lines.filter(product_id=pk).first()
    if line:
        line.quantity += 1
        line.save()
    else:
        cart.lines.create(product_id=pk, quantity=1)
#% service layer with repository
class WalletRepository:
    def find(self, pk):
        return Wallet.objects.get(pk=pk)
    def store(self, wallet):
        wallet.save()
class WalletService:
    def __init__(self):
        self.repository = WalletRepository()
    def debit(self, pk, amount):
        wallet = self.repository.find(pk)
        if wallet.balance < amount:
            raise ValueError("poor")
        wallet.balance -= amount
        self.repository.store(wallet)
#% static service
class Orders:
    @staticmethod
    def approve(order_id):
        order = Order.objects.get(id=order_id)
        if order.state != "pending":
            return
        Invoice.objects.create(order=order)
        order.state = "approved"
        order.save(update_fields=["state"])
#% classmethod on model
class Ticket(models.Model):
    state = models.CharField(max_length=9)
    @classmethod
    def take(cls, pk, user):
        ticket = cls.objects.get(pk=pk)
        if ticket.state == "free":
            ticket.state = "taken"
            ticket.save()
            Assignment.objects.create(ticket=ticket, user=user)
#% manager method counter
class PostManager(models.Manager):
    def like(self, pk):
        post = self.get(pk=pk)
        post.likes = post.likes + 1
        post.save()
class Post(models.Model):
    likes = models.IntegerField(default=0)
    objects = PostManager()
#% mixin with hook
class StockMixin:
    def perform_create(self, serializer):
        item = serializer.validated_data["item"]
        if item.stock < 1:
            raise ValidationError("none left")
        serializer.save()
        item.stock -= 1
        item.save()
class OrderView(StockMixin, generics.CreateAPIView):
    queryset = Order.objects.all()
#% UpdateView form_valid
class Spend(UpdateView):
    model = Account
    def form_valid(self, form):
        account = self.get_object()
        account.points -= form.cleaned_data["points"]
        account.save()
        return super().form_valid(form)
#% serializer create limited
class SlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Slot
        fields = ["event"]
    def create(self, validated_data):
        event = validated_data["event"]
        if Slot.objects.filter(event=event).count() >= event.capacity:
            raise serializers.ValidationError("full")
        return Slot.objects.create(**validated_data)
#% signal counter
@receiver(post_save, sender=Comment)
def count(sender, instance, created, **kwargs):
    if created:
        instance.post.n_comments += 1
        instance.post.save(update_fields=["n_comments"])
#% celery task status
@shared_task
def deliver(pk):
    parcel = Parcel.objects.get(pk=pk)
    if parcel.status != "new":
        return
    courier.send(parcel.address)
    parcel.status = "sent"
    parcel.save()
#% celery atomic no lock
@app.task
@transaction.atomic
def settle(pk):
    bill = Bill.objects.get(pk=pk)
    bill.paid += bill.due
    bill.due = 0
    bill.save()
#% get_object_or_404 with queryset
def vote(request, pk):
    choice = get_object_or_404(Choice.objects.filter(open=True), pk=pk)
    choice.votes += 1
    choice.save()
    return redirect("/")
#% refresh_from_db without lock
def topup(request, pk):
    card = Card.objects.get(pk=pk)
    slow_check(card)
    card.refresh_from_db()
    card.balance += 5
    card.save()
#% refresh_from_db of fields
def topup(request, pk):
    card = Card.objects.get(pk=pk)
    card.refresh_from_db(fields=["balance"])
    card.balance = card.balance + int(request.POST["n"])
    card.save(update_fields=["balance"])
#% update_or_create with old value
class Score(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    points = models.IntegerField()
def add(user, n):
    old = Score.objects.filter(user=user).first()
    Score.objects.update_or_create(user=user, defaults={"points": (old.points if old else 0) + n})
#% bulk_update in loop
def decay(request):
    items = list(Item.objects.filter(owner=request.user))
    for item in items:
        item.energy -= 1
    Item.objects.bulk_update(items, ["energy"])
#% F assigned then python value
def hit(request, pk):
    page = Page.objects.get(pk=pk)
    n = page.hits + 1
    Page.objects.filter(pk=pk).update(hits=n)
#% F through attribute tested before
def reserve(request, pk):
    show = Show.objects.get(pk=pk)
    if show.left <= 0:
        return HttpResponse(status=409)
    show.left = F("left") - 1
    show.save()
    Seat.objects.create(show=show, user=request.user)
#% walrus
def claim(request):
    if (gift := Gift.objects.filter(owner=None).first()) is not None:
        gift.owner = request.user
        gift.save()
        return Response({"id": gift.pk})
#% async view
async def spend(request, pk):
    wallet = await Wallet.objects.aget(pk=pk)
    if wallet.coins < 3:
        return JsonResponse({}, status=402)
    wallet.coins -= 3
    await wallet.asave()
#% async sync_to_async
async def spend(request, pk):
    wallet = await sync_to_async(Wallet.objects.get)(pk=pk)
    wallet.coins -= 3
    await sync_to_async(wallet.save)()
#% early returns
def close(request, pk):
    case = Case.objects.get(pk=pk)
    if not request.user.is_staff:
        return HttpResponse(status=403)
    if case.closed_at:
        return HttpResponse(status=409)
    case.closed_at = timezone.now()
    case.save()
    Reward.objects.create(user=case.agent, amount=10)
    return HttpResponse()
#% try except else create
def register(request):
    try:
        User.objects.get(username=request.POST["name"])
    except User.DoesNotExist:
        user = User(username=request.POST["name"])
        user.save()
        return HttpResponse(status=201)
    return HttpResponse(status=409)
#% try returns, create after
def profile_of(user):
    try:
        return Profile.objects.get(user=user)
    except Profile.DoesNotExist:
        pass
    return Profile.objects.create(user=user)
#% ObjectDoesNotExist on reverse
def settings_of(user):
    try:
        return user.settings
    except ObjectDoesNotExist:
        return Settings.objects.create(user=user)
#% durable
def withdraw(pk, n):
    with transaction.atomic(durable=True):
        account = Account.objects.get(pk=pk)
        if account.balance >= n:
            account.balance -= n
            account.save()
#% other alias
def withdraw(pk, n):
    with transaction.atomic(using="ledger"):
        account = Account.objects.using("ledger").get(pk=pk)
        account.balance -= n
        account.save(using="ledger")
#% nowait outside
def take(pk):
    job = Job.objects.select_for_update(nowait=True).get(pk=pk)
    if job.state == "new":
        with transaction.atomic():
            job.state = "running"
            job.save()
            Run.objects.create(job=job)
#% skip_locked released
def next_job():
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(state="new").first()
    if job:
        job.state = "running"
        job.save()
        start(job)
#% conditional unique does not cover
class Lease(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    active = models.BooleanField()
    tenant = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], condition=models.Q(active=True), name="one")]
def rent(request, room):
    if Lease.objects.filter(room=room, active=True).exists():
        raise ValueError("taken")
    Lease.objects.create(room=room, active=True, tenant=request.user)
#% get or create via first or
def basket(user):
    basket = Basket.objects.filter(user=user, open=True).first() or Basket.objects.create(user=user, open=True)
    return basket
#% otp code in model
class LoginCode(models.Model):
    code = models.CharField(max_length=6)
    used_at = models.DateTimeField(null=True)
    def redeem(self):
        if self.used_at is not None:
            raise ValueError("used")
        self.used_at = timezone.now()
        self.save()
        return Token.objects.create(user=self.user)
#% refresh by flag
class Refresh(APIView):
    def post(self, request):
        old = RefreshToken.objects.get(token=request.data["refresh"])
        if old.revoked:
            return Response(status=401)
        old.revoked = True
        old.save()
        new = RefreshToken.objects.create(user=old.user)
        return Response({"refresh": new.token})
#% bearer plain view
def transfer(request):
    header = request.headers.get("Authorization", "")
    token = AccessToken.objects.filter(token=header.replace("Bearer ", ""), revoked=False).first()
    if token is None:
        return JsonResponse({}, status=401)
    Transfer.objects.create(user=token.user, amount=request.POST["amount"])
#% task in atomic
def checkout(request):
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
        for line in request.POST.getlist("line"):
            order.lines.create(sku=line)
        send_receipt.apply_async(args=[order.id])
    return redirect(order)
#% http call in atomic
@transaction.atomic
def pay(request, pk):
    order = Order.objects.select_for_update().get(pk=pk)
    order.state = "paid"
    order.save()
    requests.post("https://pay.example/", json={"id": order.pk})
#% json setdefault
def mark(request, pk):
    order = Order.objects.get(pk=pk)
    order.data.setdefault("seen", []).append(request.user.pk)
    order.save()
#% json merged copy
def merge(request, pk):
    order = Order.objects.get(pk=pk)
    meta = dict(order.meta or {})
    meta.update(request.data)
    order.meta = meta
    order.save(update_fields=["meta"])
#% json spread
def merge(request, pk):
    order = Order.objects.get(pk=pk)
    order.meta = {**order.meta, **request.data}
    order.save()
#% max in model save
class Invoice(models.Model):
    number = models.IntegerField()
    def save(self, *args, **kwargs):
        if not self.number:
            self.number = (Invoice.objects.aggregate(m=Max("number"))["m"] or 0) + 1
        super().save(*args, **kwargs)
#% stale passed to helper
def _apply(order, amount):
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        order.total += amount
        order.save()
def view(request, pk):
    order = get_object_or_404(Order, pk=pk)
    _apply(order, 5)
#% lock wrong: user locked, coupon written
@transaction.atomic
def redeem(request):
    user = User.objects.select_for_update().get(pk=request.user.pk)
    coupon = Coupon.objects.get(code=request.POST["code"])
    if coupon.used:
        return HttpResponse(status=409)
    coupon.used = True
    coupon.save()
    Credit.objects.create(user=user, amount=coupon.amount)
#% group limit by len
@login_required
def join(request, pk):
    team = get_object_or_404(Team, pk=pk)
    if len(team.members.all()) >= team.size:
        messages.error(request, "full")
        return redirect(team)
    team.members.add(request.user)
    return redirect(team)
#% partial update with version
class DocView(APIView):
    def patch(self, request, pk):
        doc = get_object_or_404(Doc, pk=pk)
        if int(request.data["version"]) != doc.version:
            return Response(status=409)
        doc.body = request.data["body"]
        doc.version += 1
        doc.save()
        return Response({})
#% email change exists
def change(request):
    email = request.POST["email"]
    if User.objects.filter(email=email).exclude(pk=request.user.pk).exists():
        return HttpResponse(status=409)
    request.user.email = email
    request.user.save()
#% aggregated balance
def pay(request, amount):
    balance = Entry.objects.filter(user=request.user).aggregate(s=Sum("amount"))["s"] or 0
    if balance < amount:
        return HttpResponse(status=402)
    Entry.objects.create(user=request.user, amount=-amount)
#% getattr dict dispatch
class Machine:
    def __init__(self, order):
        self.order = order
    def ship(self):
        if self.order.status != "paid":
            raise ValueError
        Shipment.objects.create(order=self.order)
        self.order.status = "shipped"
        self.order.save()
def view(request, pk):
    Machine(Order.objects.get(pk=pk)).ship()
#% document of the user's own row, found by the request
class Config(APIView):
    def get_queryset(self):
        return UserConfig.objects.filter(user=self.request.user)
    def patch(self, request):
        config = self.get_queryset().first()
        config.data = {**config.data, **request.data}
        config.save()
        return Response(config.data)
#% a model that the settings name (after django-oauth-toolkit f0091f1)
Ticket = get_ticket_model()
class Gate:
    def admit(self, code, holder):
        try:
            ticket = Ticket.objects.select_related("holder").get(code=code)
        except Ticket.DoesNotExist:
            ticket = Ticket.objects.create(code=code, holder=holder)
        return ticket
#% made where none was found, saved by a form (after courtlistener 49c4673)
class Bookmark(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
class BookmarkForm(ModelForm):
    class Meta:
        model = Bookmark
def bookmark_of(request):
    try:
        return Bookmark.objects.get(user=request.user, page=request.POST["page"])
    except Bookmark.DoesNotExist:
        return Bookmark()
def keep(request):
    form = BookmarkForm(request.POST, instance=bookmark_of(request))
    if form.is_valid():
        mark = form.save(commit=False)
        mark.user = request.user
        mark.save()
#% made where none was found, saved at the end
def rate(request, pk):
    try:
        vote = Vote.objects.get(film=pk, user=request.user)
    except Vote.DoesNotExist:
        vote = Vote(film_id=pk, user=request.user)
    vote.stars = request.POST["stars"]
    vote.save()
#% a lock through a helper that nobody reads (after saleor d7fe298)
def locked_baskets():
    return Basket.objects.order_by("pk").select_for_update(of=["self"])
def index(baskets):
    with transaction.atomic():
        _rows = locked_baskets().filter(pk__in=[one.pk for one in baskets]).values_list("pk", flat=True)
        Basket.objects.bulk_update(baskets, ["text"])
#% an invitation that is given, used and deleted (after pretalx d4f5aa1)
@transaction.atomic
def accept(invitation, *, person):
    club = invitation.club
    club.people.add(person)
    invitation.delete()
#% found, worked on, then marked all at once (after open-forms c73f5ea)
def announce(order):
    shipments = order.shipments.filter(state="packed")
    if not shipments:
        return
    registry.announce(order)
    shipments.update(state="announced")
#% the serializer's own create (after openwisp-radius 9ac7164)
class SessionView(ListCreateAPIView):
    queryset = Session.objects.all()
    def post(self, request):
        try:
            session = self.get_queryset().get(key=request.data["key"])
        except Session.DoesNotExist:
            serializer = self.get_serializer(data=request.data)
            serializer.is_valid(raise_exception=True)
            serializer.create(serializer.validated_data)
        return Response(None)
#% a free reference for a row that is there (after open-forms b6735ed)
def unused():
    for _ in range(100):
        code = random_text()
        taken = Case.objects.filter(code=code).exists()
        if taken is False:
            return code
    raise RuntimeError()
def number(pk):
    case = Case.objects.get(pk=pk)
    code = unused()
    with transaction.atomic():
        case.code = code
        case.save(update_fields=["code"])
#% a limit over a relation, in a serializer's validation (after a4-meinberlin 8645cea)
class Alarm(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
class AlarmSerializer(serializers.ModelSerializer):
    class Meta:
        model = Alarm
        fields = ["id", "name"]
    def validate(self, data):
        if self.context["request"].user.alarm_set.count() >= 5:
            raise serializers.ValidationError("too many")
        return data
#% a view asks before it makes one as its base class does
class LineSerializer(serializers.ModelSerializer):
    class Meta:
        model = Line
        fields = ["number"]
class Owned:
    def perform_create(self, serializer):
        serializer.save(user=self.request.user)
class LineViewSet(Owned, viewsets.ModelViewSet):
    serializer_class = LineSerializer
    def create(self, request, *args, **kwargs):
        existing = Line.objects.filter(user=request.user)
        if existing:
            raise ValidationError("There is one.")
        return super().create(request, *args, **kwargs)
#% a value that no other row has, of a row whose table is out of sight
class Backend(OutOfSight):
    def update_user(self, user, claims):
        email = claims.get("email")
        if User.objects.exclude(id=user.id).filter(email=email).exists():
            return None
        user.email = email
        user.save()
        return user
#% a free name for a user
def free_name(email):
    name = email.split("@")[0]
    count = 0
    while User.objects.filter(username=name).exists():
        count += 1
        name = "%s%d" % (name, count)
    return name
class Backend(OutOfSight):
    def create_user(self, email):
        return self.User.objects.create_user(free_name(email), email)
#% numbered among the siblings
class Slot(models.Model):
    name = models.CharField(max_length=30)
class Entry(models.Model):
    slot = models.ForeignKey(Slot, related_name="entries", on_delete=models.CASCADE)
    order = models.PositiveIntegerField(null=True)
    def save(self, *args, **kwargs):
        if self.order is None:
            last = self.slot.entries.aggregate(models.Max("order"))["order__max"]
            self.order = (last or 0) + 1
        return super().save(*args, **kwargs)
#% a row that is called a form
class Survey(models.Model):
    submissions = models.IntegerField(default=0)
def received(request, pk):
    form = Survey.objects.get(pk=pk)
    form.submissions += 1
    form.save()
#% no copy, the row itself
def clone(request, pk):
    project = Project.objects.get(pk=pk)
    if project.state == "new":
        project.state = "cloned"
        project.save()
        Task.objects.create(project=project)
#% among what hangs on a row that others have
def load(request, pk):
    recipe = Recipe.objects.get(pk=pk)
    step = recipe.steps.first()
    if not step:
        step = Step.objects.create(text="")
        recipe.steps.add(step)
#% made with the key that was looked for
def receive(message):
    try:
        ticket = Ticket.objects.get(pk=message.ticket)
    except Ticket.DoesNotExist:
        ticket = Ticket.objects.create(pk=message.ticket, title=message.subject)
    return ticket
#% a task under a lock
@transaction.atomic
def register(user):
    account = Account.objects.select_for_update().get(user=user)
    account.registered = True
    account.save(update_fields=["registered"])
    announce.delay(account.pk)
#% something else given to others
def close(request, pk):
    account = Account.objects.get(pk=pk)
    if account.open:
        account.open = False
        account.save(update_fields=["open"])
        account.key.uses = account.key.uses + 1
        account.key.save(update_fields=["uses"])
#% a library's table, by columns that are not unique there
from oauth2_provider.models import AccessToken
def token_for(user, app):
    token, created = AccessToken.objects.get_or_create(user=user, application=app)
    return token
#% counted, then one is deleted
def leave(request, team):
    if Member.objects.filter(team=team).count() > 1:
        member = Member.objects.get(team=team, user=request.user)
        member.delete()
#% rows counted off with enumerate
def hand_out(course, names):
    seats = course.seats.filter(state="open").order_by("number")[: len(names)]
    for index, seat in enumerate(seats):
        seat.holder = names[index]
        seat.state = "taken"
        seat.save()
        send_mail("Your seat", str(seat.number), None, [names[index]])
#% rows and names side by side
def give_keys(product, addresses):
    keys = LicenceKey.objects.filter(product=product, used=False)[: len(addresses)]
    for key, address in zip(keys, addresses):
        key.used = True
        key.email = address
        key.save(update_fields=["used", "email"])
        send_mail("Your key", key.text, None, [address])
#% rows and names side by side, saved together
def give_keys(product, addresses):
    keys = LicenceKey.objects.filter(product=product, used=False)[: len(addresses)]
    for key, address in zip(keys, addresses):
        key.used = True
        key.email = address
    LicenceKey.objects.bulk_update(keys, ["used", "email"])
    send_mail("Keys", "are out", None, addresses)
#% counted first, then side by side
class Desk(APIView):
    def post(self, request, pk):
        pool = Pool.objects.get(pk=pk)
        emails = request.data["emails"]
        if pool.vouchers.filter(owner=None).count() < len(emails):
            return Response(status=400)
        free = pool.vouchers.filter(owner=None)[: len(emails)]
        for voucher, email in zip(free, emails):
            voucher.owner = email
        Voucher.objects.bulk_update(free, ["owner"])
        tell.delay(emails)
        return Response()
#% a counter in an enumerated row
def settle(batch):
    for place, account in enumerate(Account.objects.filter(batch=batch), start=1):
        account.balance = account.balance + place
        account.save()
#% numbered pairs of rows
def pay_out(run):
    for n, (wallet, share) in enumerate(zip(Wallet.objects.filter(run=run), run.shares)):
        wallet.coins -= share
        wallet.save()
#% an error of whatever kind is written down and raised again
def student(data):
    try:
        try:
            return Student.objects.get(number=data["number"])
        except Student.DoesNotExist:
            return Student.objects.create(number=data["number"], name=data["name"])
    except DatabaseError as error:
        logger.exception("no student")
        raise RegistryError("no student") from error
#% logged and raised
def tag(name):
    try:
        found = Tag.objects.filter(name=name).first()
        if found is None:
            found = Tag.objects.create(name=name)
        return found
    except Exception:
        log.exception("tag %s", name)
        raise
#% undone and raised, in a view
class Join(View):
    def post(self, request, pk):
        try:
            if Membership.objects.filter(club_id=pk, user=request.user).exists():
                return HttpResponse(status=409)
            Membership.objects.create(club_id=pk, user=request.user)
        except BaseException:
            metrics.count("join.failed")
            raise
        return HttpResponse(status=201)
#% told to the operators, and raised
def device_for(serial):
    try:
        device = Device.objects.filter(serial=serial).first()
        if not device:
            device = Device(serial=serial)
            device.save()
        return device
    except Error as problem:
        report(problem)
        raise ServiceUnavailable() from problem
#% the admin's transaction, a task
class PlanAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        build_plan.delay(obj.pk)
#% the admin's transaction, through a helper
class CampaignAdmin(admin.ModelAdmin):
    def _start(self, campaign):
        if campaign.size > 100:
            start_campaign.delay(campaign.pk)
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            self._start(obj)
#% the admin's transaction, an atomic block inside of it commits nothing
class PlanAdmin(ModelAdmin):
    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            super().save_model(request, obj, form, change)
        build_plan.delay(obj.pk)
#% the admin's transaction, related rows
class OrderAdmin(admin.ModelAdmin):
    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        recompute_order.delay(form.instance.pk)
#% the admin's transaction, a deletion
class HostAdmin(admin.ModelAdmin):
    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        requests.delete("https://inventory.example/hosts/%s" % obj.pk)
#% the admin's transaction, saved by hand
class HostAdmin(SomeMixin, admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        obj.changed_by = request.user
        obj.save()
        provision.apply_async(args=[obj.pk])
#% a class that subclasses name
class Importer:
    KIND = None
    def import_row(self, owner, name):
        known = owner.items.filter(name=name)
        if not known.exists():
            item = self.KIND(owner=owner, name=name)
            item.save()
class BookImporter(Importer):
    KIND = Book
#% a class under an attribute, made at once
class Base:
    entry_class = None
    def note(self, person, day):
        if person.entries.filter(day=day).exists():
            return
        entry = self.entry_class(person=person, day=day)
        entry.save()
#% a class that was handed in
def ensure(model_class, owner, label):
    if not owner.labels.filter(label=label).exists():
        row = model_class(owner=owner, label=label)
        row.save()
#% a library looks for a free value for a row that is made next
class Case(models.Model):
    code = models.CharField(max_length=40)
class CaseManager(models.Manager):
    def open(self, branch, day):
        draft = Case(branch=branch)
        code = generate_unique_code(draft, "code")
        return Case.objects.create(code=code, branch=branch)
#% a library's next number of a table
class Invoice(models.Model):
    number = models.IntegerField()
def issue(customer):
    number = get_next_number(Invoice, "number")
    return Invoice.objects.create(number=number, customer=customer)
#% none is nought, and one more
def count(pk):
    page = Page.objects.get(pk=pk)
    page.hits = page.hits or 0
    page.hits += 1
    page.save()
#% one more than what was kept
def count(pk):
    page = Page.objects.get(pk=pk)
    page.hits = (page.hits or 0) + 1
    page.save()
#% narrowed by a method of the queryset's own, after what is taken was asked for
class SeatQuerySet(models.QuerySet):
    def of(self, show):
        return self.filter(show=show)
class Seat(models.Model):
    holder = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    show = models.ForeignKey(Show, on_delete=models.CASCADE)
    objects = SeatQuerySet.as_manager()
def take(user, show):
    seat = Seat.objects.filter(holder=None).of(show).first()
    seat.holder = user
    seat.save(update_fields=["holder"])
#% rows of one owner, narrowed by a method of their manager
class JobManager(models.Manager):
    def urgent(self):
        return self.filter(priority__gte=5)
class Job(models.Model):
    state = models.CharField(max_length=10)
    priority = models.IntegerField()
    objects = JobManager()
@shared_task
def work():
    for job in Job.objects.filter(state="waiting").urgent():
        mail_admins("job", job.text)
        job.state = "done"
        job.save(update_fields=["state"])
#% a queryset that was handed in, narrowed by its own method
class DrawQuerySet(models.QuerySet):
    def of_today(self):
        return self.filter(day=date.today())
class Draw(models.Model):
    settled = models.BooleanField(default=False)
    day = models.DateField()
    objects = DrawQuerySet.as_manager()
def settle():
    for draw in Draw.objects.filter(settled=False).of_today():
        send_mail("Drawn", draw.text, None, [draw.email])
        draw.settled = True
        draw.save(update_fields=["settled"])
#% two methods, one after the other
class CodeQuerySet(models.QuerySet):
    def unused(self):
        return self.filter(used_by=None)
    def of(self, product):
        return self.filter(product=product)
class Code(models.Model):
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    objects = CodeQuerySet.as_manager()
def redeem(user, product):
    code = Code.objects.unused().of(product).first()
    code.used_by = user
    code.save()
#% a getter that locks where it is asked to, and is not
def job_of(pk, lock=False):
    if lock:
        job = Job.objects.select_for_update().get(pk=pk)
    else:
        job = Job.objects.get(pk=pk)
    return job
def report(pk, text):
    job = job_of(pk)
    job.reports.append(text)
    job.save(update_fields=["reports"])
#% a state machine's transition, then a save
class Invoice(models.Model):
    state = FSMField(default="draft")
    @transition(field=state, source="draft", target="issued")
    def issue(self):
        self.issued_at = timezone.now()
        send_mail("Invoice", self.text, None, [self.email])
class Issue(APIView):
    def post(self, request, pk):
        invoice = Invoice.objects.get(pk=pk)
        invoice.issue()
        invoice.save()
        return Response()
#% a transition, and what the caller does with it
class Parcel(models.Model):
    status = FSMField(default="packed", protected=True)
    @transition(field="status", source=["packed", "returned"], target="sent")
    def send(self):
        pass
def dispatch(request, pk):
    parcel = get_object_or_404(Parcel, pk=pk)
    try:
        parcel.send()
    except TransitionNotAllowed:
        return HttpResponse(status=409)
    Label.objects.create(parcel=parcel)
    parcel.save()
    return HttpResponse(status=201)
#% a transition in a task, in a transaction
class Payout(models.Model):
    state = FSMIntegerField(default=0)
    @fsm.transition(field=state, source=0, target=1)
    def pay(self, by):
        Entry.objects.create(payout=self, by=by)
@shared_task
def pay_out(pk):
    with transaction.atomic():
        payout = Payout.objects.get(pk=pk)
        payout.pay(by="task")
        payout.save(update_fields=["state"])
#% a validator of a library asks, the view makes
class Registration(models.Model):
    reference = models.CharField(max_length=40, unique=True)
class RegistrationSerializer(serializers.Serializer):
    reference = serializers.CharField(max_length=40, validators=[UniqueValidator(queryset=Registration.objects.all())])
class Register(APIView):
    def post(self, request):
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        Registration.objects.create(reference=serializer.validated_data["reference"], by=request.user)
        return Response(status=201)
#% a validator of a library asks, and nothing is unique
class Alias(models.Model):
    address = models.EmailField()
class AliasIn(Serializer):
    address = EmailField(validators=[UniqueValidator(queryset=Alias.objects.all(), lookup="iexact")])
def add(request):
    given = AliasIn(data=request.data)
    if not given.is_valid():
        return Response(given.errors, status=400)
    alias = Alias(address=given.validated_data["address"])
    alias.save()
    return Response(status=201)
#% one that is open: cleaned in save, refused by a constraint
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
        Call.objects.create(room=room)
        return Response(status=201)
#% the same, of a base class that cleans
class Checked(models.Model):
    class Meta:
        abstract = True
    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
class Loan(Checked):
    book = models.ForeignKey(Book, on_delete=models.CASCADE)
    back = models.DateField(null=True)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["book"], condition=Q(back=None), name="one_out")]
def lend(request, pk):
    try:
        loan = Loan.objects.create(book_id=pk, by=request.user)
    except ValidationError:
        return HttpResponse(status=409)
    return HttpResponse(status=201)
#% one manager of two tables
class FileManager(models.Manager):
    def narrowed(self):
        return self
    def known(self, name):
        try:
            found = self.narrowed().get(name=name)
        except self.model.DoesNotExist:
            found = self.create(name=name)
        return found
class Original(models.Model):
    name = models.CharField(max_length=40)
    objects = FileManager()
class Preview(models.Model):
    name = models.CharField(max_length=40)
    objects = FileManager()
def preview(name):
    return Preview.objects.known(name)
#% perform_create, the rows by a manager of another name
class Vote(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE)
    counted = CountedManager()
class VoteViewSet(viewsets.ModelViewSet):
    queryset = Vote.counted.select_related("poll")
    def perform_create(self, serializer):
        if Vote.counted.filter(user=self.request.user, poll=serializer.validated_data["poll"]).exists():
            raise ValidationError("voted")
        serializer.save(user=self.request.user)
#% perform_create, the rows by the default manager
class VoteViewSet(viewsets.ModelViewSet):
    queryset = Vote._default_manager.all()
    def perform_create(self, serializer):
        if Vote._default_manager.filter(user=self.request.user, poll=serializer.validated_data["poll"]).exists():
            raise ValidationError("voted")
        serializer.save(user=self.request.user)
