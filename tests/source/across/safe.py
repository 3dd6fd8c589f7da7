#% the service locks and tests again
class OrderService:
    @staticmethod
    @transaction.atomic
    def complete(pk):
        order = Order.objects.select_for_update().get(pk=pk)
        if order.status != "pending":
            raise Conflict()
        order.status = "complete"
        order.save(update_fields=["status"])
        Invoice.objects.create(order=order, total=order.total)
def complete_view(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.status != "pending":
        return JsonResponse({"detail": "not pending"}, status=409)
    OrderService.complete(order.pk)
    return JsonResponse({"detail": "ok"})
#% a selector that locks, in the service's transaction
def slot_get_free(*, clinic):
    return Slot.objects.select_for_update().filter(clinic=clinic, patient=None).order_by("start").first()
@transaction.atomic
def slot_reserve(*, clinic, patient):
    slot = slot_get_free(clinic=clinic)
    if slot is None:
        raise ApplicationError("fully booked")
    slot.patient = patient
    slot.save()
    return slot
#% a manager's conditional update decides
class VoucherManager(models.Manager):
    def claim(self, code):
        return self.filter(code=code, redeemed_at=None).update(redeemed_at=timezone.now()) == 1
class Voucher(models.Model):
    code = models.CharField(max_length=20, unique=True)
    redeemed_at = models.DateTimeField(null=True)
    objects = VoucherManager()
def apply_voucher(cart, code):
    if not Voucher.objects.claim(code):
        raise VoucherError()
    Discount.objects.create(cart=cart, voucher=Voucher.objects.get(code=code))
#% the withdrawal names its condition and is looked at
class Wallet(models.Model):
    balance = models.DecimalField(max_digits=10, decimal_places=2)
    def has_funds(self, amount):
        return self.balance >= amount
    def withdraw(self, amount):
        changed = Wallet.objects.filter(pk=self.pk, balance__gte=amount).update(balance=F("balance") - amount)
        if not changed:
            raise NotEnough()
def buy(request, pk):
    wallet = request.user.wallet
    item = Item.objects.get(pk=pk)
    if not wallet.has_funds(item.price):
        return HttpResponse(status=402)
    with transaction.atomic():
        wallet.withdraw(item.price)
        Purchase.objects.create(user=request.user, item=item)
    return HttpResponse(status=201)
#% create tests again under a lock
class RedeemSerializer(serializers.Serializer):
    code = serializers.CharField()
    def validate(self, attrs):
        gift = GiftCard.objects.filter(code=attrs["code"]).first()
        if gift is None or gift.spent:
            raise serializers.ValidationError("invalid")
        attrs["gift"] = gift
        return attrs
    @transaction.atomic
    def create(self, validated_data):
        gift = GiftCard.objects.select_for_update().get(pk=validated_data["gift"].pk)
        if gift.spent:
            raise serializers.ValidationError("invalid")
        gift.spent = True
        gift.save()
        return Credit.objects.create(user=self.context["request"].user, amount=gift.amount)
#% a helper handles what the database refuses
class Team(models.Model):
    name = models.CharField(max_length=50, unique=True)
def insert(name):
    try:
        with transaction.atomic():
            return Team.objects.create(name=name)
    except IntegrityError:
        return None
def create_team(request):
    if Team.objects.filter(name=request.POST["name"]).exists():
        return HttpResponse(status=409)
    team = insert(request.POST["name"])
    return HttpResponse(status=201 if team else 409)
#% a template method whose subclass locks
class BaseAction:
    @transaction.atomic
    def run(self, pk):
        target = self.get_target(pk)
        self.check(target)
        self.perform(target)
        return target
    def get_target(self, pk):
        raise NotImplementedError
    def check(self, target):
        pass
    def perform(self, target):
        raise NotImplementedError
class ApproveAction(BaseAction):
    def get_target(self, pk):
        return Expense.objects.select_for_update().get(pk=pk)
    def check(self, target):
        if target.approved_at is not None:
            raise Conflict("approved already")
    def perform(self, target):
        target.approved_at = timezone.now()
        target.save(update_fields=["approved_at"])
        Payout.objects.create(expense=target, amount=target.amount)
#% a pair with a locked row
def score_of(user):
    profile = Profile.objects.select_for_update().get(user=user)
    return profile, profile.points
@transaction.atomic
def award(user, points):
    profile, current = score_of(user)
    profile.points = current + points
    profile.save(update_fields=["points"])
#% the next position under the board's lock
def next_position(board):
    last = board.cards.aggregate(Max("position"))["position__max"]
    return (last or 0) + 1
@transaction.atomic
def add_card(request, pk):
    board = Board.objects.select_for_update().get(pk=pk)
    card = Card.objects.create(board=board, title=request.POST["title"], position=next_position(board))
    return JsonResponse({"id": card.pk})
#% loaded and stored under the caller's lock
def load_balance(user):
    return Balance.objects.get(user=user)
@transaction.atomic
def top_up(request):
    balance = Balance.objects.select_for_update().get(user=request.user)
    balance = add_to(balance, int(request.POST["amount"]))
    balance.save(update_fields=["amount"])
    return HttpResponse()
def add_to(balance, amount):
    balance.amount = balance.amount + amount
    return balance
#% steps of a service class, the owner locked by the first
class CreateProject:
    def __init__(self, *, owner, name):
        self.owner = owner
        self.name = name
    @transaction.atomic
    def execute(self):
        self._lock()
        self._check_limit()
        return self._create()
    def _lock(self):
        list(User.objects.select_for_update().filter(pk=self.owner.pk))
    def _check_limit(self):
        if Project.objects.filter(owner=self.owner).count() >= 5:
            raise LimitReached()
    def _create(self):
        return Project.objects.create(owner=self.owner, name=self.name)
#% a transition by conditional update
class Bill(models.Model):
    state = models.CharField(max_length=10)
    def transition(self, old, new):
        if not Bill.objects.filter(pk=self.pk, state=old).update(state=new):
            raise InvalidTransition()
        self.state = new
def pay_invoice(request, pk):
    bill = Bill.objects.get(pk=pk)
    bill.transition("open", "paid")
    Payment.objects.create(bill=bill)
    return HttpResponse()
#% a claim by conditional update that says whether
def claim(job):
    return Job.objects.filter(pk=job.pk, started_at=None).update(started_at=timezone.now()) > 0
def run_job(pk):
    job = Job.objects.get(pk=pk)
    if claim(job):
        send_mail("started", job.name, None, [job.owner.email])
#% who may is asked of another row
def is_admin(user, team):
    membership = Membership.objects.filter(user=user, team=team).first()
    return membership is not None and membership.role == "admin"
def add_topic(request, pk):
    team = get_object_or_404(Team, pk=pk)
    if not is_admin(request.user, team):
        return HttpResponse(status=403)
    Topic.objects.create(team=team, name=request.POST["name"])
    return HttpResponse(status=201)
#% a validator asks whether the parent is there
class ReplySerializer(serializers.ModelSerializer):
    class Meta:
        model = Reply
        fields = ["thread", "text"]
    def validate_thread(self, value):
        if not Thread.objects.filter(pk=value.pk).exists():
            raise serializers.ValidationError("no such thread")
        return value
#% a helper validates what was sent, nothing of the row
def clean_amount(raw):
    amount = int(raw)
    if amount <= 0:
        raise ValueError(raw)
    return amount
def rename(request, pk):
    shop = Shop.objects.get(pk=pk)
    shop.fee = clean_amount(request.POST["fee"])
    shop.save(update_fields=["fee"])
    return HttpResponse()
#% a pair of a form and a page
def build(request):
    form = CommentForm(request.POST)
    page = Page.objects.get(pk=request.POST["page"])
    return form, page
def comment(request):
    form, page = build(request)
    if not form.is_valid():
        return render(request, "page.html", {"form": form, "page": page})
    Comment.objects.create(page=page, text=form.cleaned_data["text"])
    return redirect(page)
#% a step that tests and one that reads only
class Report:
    def __init__(self, order):
        self.order = order
    def run(self):
        if self.order.status != "paid":
            raise NotPaid()
        return self.render()
    def render(self):
        return [line.text for line in self.order.lines.all()]
#% a decorator in whose transaction the user is locked
def with_locked_user(view):
    def wrapper(request, *args, **kwargs):
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)
            return view(request, *args, **kwargs)
    return wrapper
@with_locked_user
def export(request):
    if Report.objects.filter(user=request.user).count() >= 5:
        return HttpResponse(status=429)
    Report.objects.create(user=request.user)
    return HttpResponse(status=201)
#% a template method whose hooks only read
class Page(View):
    def get(self, request, pk):
        row = self.get_row(pk)
        self.check(row)
        return self.show(row)
    def check(self, row):
        if row.hidden:
            raise Http404()
class ArticlePage(Page):
    def get_row(self, pk):
        return Article.objects.get(pk=pk)
    def show(self, row):
        return render(self.request, "article.html", {"article": row})
#% a decorator asks who may, the view makes another thing
def members_only(view):
    def wrapper(request, *args, **kwargs):
        if not Membership.objects.filter(user=request.user).exists():
            raise PermissionDenied()
        return view(request, *args, **kwargs)
    return wrapper
@members_only
def post(request):
    Message.objects.create(author=request.user, text=request.POST["text"])
#% a decorator counts under a lock that it holds
def limited(view):
    def wrapper(request, *args, **kwargs):
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)
            if Report.objects.filter(user=request.user).count() >= 5:
                return HttpResponse(status=429)
            return view(request, *args, **kwargs)
    return wrapper
@limited
def export(request):
    Report.objects.create(user=request.user)
#% handed in without a type, and another class may be meant
class VoteRepository:
    def has_voted(self, user, poll):
        return Vote.objects.filter(user=user, poll=poll).exists()
    def add(self, user, poll):
        return Vote.objects.create(user=user, poll=poll)
class Memory:
    def has_voted(self, user, poll):
        return (user, poll) in self.seen
    def add(self, user, poll):
        self.seen.append((user, poll))
class VoteService:
    def __init__(self, votes):
        self.votes = votes
    def vote(self, user, poll):
        if self.votes.has_voted(user, poll):
            raise AlreadyVoted()
        return self.votes.add(user, poll)
