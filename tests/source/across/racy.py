#% a view tests, a service acts -> complete_view
class OrderService:
    @staticmethod
    def complete(order, user):
        order.status = "complete"
        order.completed_by = user
        order.save(update_fields=["status", "completed_by"])
        Invoice.objects.create(order=order, total=order.total)
def complete_view(request, pk):
    order = get_object_or_404(Order, pk=pk)
    if order.status != "pending":
        return JsonResponse({"detail": "not pending"}, status=409)
    OrderService.complete(order, request.user)
    return JsonResponse({"detail": "ok"})
#% a selector picks, a service takes -> slot_reserve
def slot_get_free(*, clinic):
    return Slot.objects.filter(clinic=clinic, patient=None).order_by("start").first()
def slot_reserve(*, clinic, patient):
    slot = slot_get_free(clinic=clinic)
    if slot is None:
        raise ApplicationError("fully booked")
    slot.patient = patient
    slot.full_clean()
    slot.save()
    return slot
#% a manager refuses what is used up, the service uses it -> apply_voucher
class VoucherManager(models.Manager):
    def usable(self, code):
        voucher = self.get(code=code)
        if voucher.redeemed_at is not None:
            raise VoucherError("already redeemed")
        return voucher
class Voucher(models.Model):
    code = models.CharField(max_length=20, unique=True)
    redeemed_at = models.DateTimeField(null=True)
    objects = VoucherManager()
    def redeem(self):
        self.redeemed_at = timezone.now()
        self.save(update_fields=["redeemed_at"])
def apply_voucher(cart, code):
    voucher = Voucher.objects.usable(code)
    voucher.redeem()
    Discount.objects.create(cart=cart, voucher=voucher)
#% a predicate of the model, then a method of the model -> buy
class Wallet(models.Model):
    balance = models.DecimalField(max_digits=10, decimal_places=2)
    def has_funds(self, amount):
        return self.balance >= amount
    def withdraw(self, amount):
        Wallet.objects.filter(pk=self.pk).update(balance=F("balance") - amount)
def buy(request, pk):
    wallet = request.user.wallet
    item = Item.objects.get(pk=pk)
    if not wallet.has_funds(item.price):
        return HttpResponse(status=402)
    wallet.withdraw(item.price)
    Purchase.objects.create(user=request.user, item=item)
    return HttpResponse(status=201)
#% validated in validate, written in create -> RedeemSerializer.create|RedeemSerializer.validate
class RedeemSerializer(serializers.Serializer):
    code = serializers.CharField()
    def validate(self, attrs):
        gift = GiftCard.objects.filter(code=attrs["code"]).first()
        if gift is None or gift.spent:
            raise serializers.ValidationError("invalid")
        attrs["gift"] = gift
        return attrs
    def create(self, validated_data):
        gift = validated_data["gift"]
        gift.spent = True
        gift.save()
        return Credit.objects.create(user=self.context["request"].user, amount=gift.amount)
#% a field's validator asks, create inserts -> TeamSerializer.create|TeamSerializer.validate_name
class TeamSerializer(serializers.Serializer):
    name = serializers.CharField()
    def validate_name(self, value):
        if Team.objects.filter(name__iexact=value).exists():
            raise serializers.ValidationError("taken")
        return value
    def create(self, validated_data):
        return Team.objects.create(**validated_data)
#% a field's validator asks, the framework inserts -> HandleSerializer.validate_handle
class Handle(models.Model):
    handle = models.CharField(max_length=50)
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
class HandleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Handle
        fields = ["handle"]
    def validate_handle(self, value):
        if Handle.objects.filter(handle=value).exists():
            raise serializers.ValidationError("taken")
        return value
#% a field's validator refuses, the view writes -> RenameView.post|RenameSerializer.validate_name
class RenameSerializer(serializers.Serializer):
    name = serializers.CharField()
    def validate_name(self, value):
        if Channel.objects.filter(name=value).exists():
            raise serializers.ValidationError("taken")
        return value
class RenameView(APIView):
    def post(self, request):
        serializer = RenameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        Channel.objects.create(name=serializer.validated_data["name"], owner=request.user)
        return Response(status=201)
#% a form asks in clean, the view saves it -> SignupForm.clean_nick|signup
class Nick(models.Model):
    nick = models.CharField(max_length=30)
class SignupForm(forms.ModelForm):
    class Meta:
        model = Nick
        fields = ["nick"]
    def clean_nick(self):
        nick = self.cleaned_data["nick"]
        if Nick.objects.filter(nick__iexact=nick).exists():
            raise forms.ValidationError("taken")
        return nick
def signup(request):
    form = SignupForm(request.POST)
    if form.is_valid():
        form.save()
        return redirect("home")
    return render(request, "signup.html", {"form": form})
#% a receiver numbers what is about to be saved -> number_invoice
@receiver(pre_save, sender=Invoice)
def number_invoice(sender, instance, **kwargs):
    if instance.number is None:
        last = Invoice.objects.filter(year=instance.year).aggregate(n=Max("number"))["n"] or 0
        instance.number = last + 1
#% a receiver counts down through a helper -> on_booked|take_place
def take_place(course):
    if course.places_left <= 0:
        raise ValidationError("full")
    course.places_left -= 1
    course.save(update_fields=["places_left"])
@receiver(post_save, sender=Booking)
def on_booked(sender, instance, created, **kwargs):
    if created:
        take_place(instance.course)
#% a receiver makes what it does not find -> ensure_profile
def profile_of(user):
    return Profile.objects.filter(user=user).first()
@receiver(post_save, sender=User)
def ensure_profile(sender, instance, **kwargs):
    if profile_of(instance) is None:
        Profile.objects.create(user=instance)
#% a template method, its steps in the subclass -> BaseAction.run|ApproveAction.perform
class BaseAction:
    def __init__(self, user):
        self.user = user
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
        return Expense.objects.get(pk=pk)
    def check(self, target):
        if target.approved_at is not None:
            raise Conflict("approved already")
    def perform(self, target):
        target.approved_at = timezone.now()
        target.save(update_fields=["approved_at"])
        Payout.objects.create(expense=target, amount=target.amount)
#% a template method of a view, its query in the subclass -> LimitedCreateView.post|ExportView.make
class LimitedCreateView(APIView):
    limit = 3
    def post(self, request):
        if self.count(request.user) >= self.limit:
            return Response(status=429)
        row = self.make(request.user)
        return Response({"id": row.pk}, status=201)
class ExportView(LimitedCreateView):
    def count(self, user):
        return Export.objects.filter(user=user, done=False).count()
    def make(self, user):
        return Export.objects.create(user=user)
#% a mixin that asks its class for the row -> CountHitsMixin.hit
class CountHitsMixin:
    def hit(self):
        row = self.get_counter()
        row.hits = self.next_value(row)
        row.save()
    def next_value(self, row):
        return row.hits + 1
class ArticleView(CountHitsMixin, DetailView):
    def get_counter(self):
        return ArticleCounter.objects.get(article_id=self.kwargs["pk"])
    def get(self, request, *args, **kwargs):
        self.hit()
        return super().get(request, *args, **kwargs)
#% a pair: the row and what is left -> use_quota
def quota_of(user):
    quota = Quota.objects.get(user=user)
    return quota, quota.limit - quota.used
def use_quota(user, amount):
    quota, left = quota_of(user)
    if left < amount:
        raise QuotaExceeded()
    quota.used = F("used") + amount
    quota.save(update_fields=["used"])
#% a pair: the row and its number -> award
def score_of(user):
    profile = Profile.objects.get(user=user)
    return profile, profile.points
def award(user, points):
    profile, current = score_of(user)
    profile.points = current + points
    profile.save(update_fields=["points"])
#% a pair: whether and what -> accept_invitation
def find_invitation(code):
    invitation = Invitation.objects.filter(code=code).first()
    if invitation is None:
        return None, "unknown"
    if invitation.accepted:
        return None, "used"
    return invitation, None
def accept_invitation(request, code):
    invitation, error = find_invitation(code)
    if error:
        return JsonResponse({"error": error}, status=400)
    Membership.objects.create(team=invitation.team, user=request.user)
    invitation.accepted = True
    invitation.save()
    return JsonResponse({})
#% the next position from a helper -> add_card
def next_position(board):
    last = board.cards.aggregate(Max("position"))["position__max"]
    return (last or 0) + 1
def add_card(request, pk):
    board = Board.objects.get(pk=pk)
    card = Card.objects.create(board=board, title=request.POST["title"], position=next_position(board))
    return JsonResponse({"id": card.pk})
#% loaded by one helper, stored by another -> top_up
def load_balance(user):
    return Balance.objects.get(user=user).amount
def store_balance(user, amount):
    Balance.objects.filter(user=user).update(amount=amount)
def top_up(request):
    amount = load_balance(request.user)
    store_balance(request.user, amount + int(request.POST["amount"]))
    return HttpResponse()
#% steps of a service class -> CreateProject.execute
class CreateProject:
    def __init__(self, *, owner, name):
        self.owner = owner
        self.name = name
    def execute(self):
        self._check_limit()
        return self._create()
    def _check_limit(self):
        if Project.objects.filter(owner=self.owner).count() >= self.owner.plan.max_projects:
            raise LimitReached()
    def _create(self):
        return Project.objects.create(owner=self.owner, name=self.name)
#% a property tells how many are left -> TicketSale.sell
class TicketSale:
    def __init__(self, event):
        self.event = event
    @property
    def remaining(self):
        return self.event.capacity - Ticket.objects.filter(event=self.event).count()
    def sell(self, buyer):
        if self.remaining <= 0:
            raise SoldOut()
        return self._issue(buyer)
    def _issue(self, buyer):
        return Ticket.objects.create(event=self.event, buyer=buyer)
#% a view's own getter refuses -> JoinView.post
class JoinView(View):
    def get_invite(self):
        invite = get_object_or_404(Invite, token=self.kwargs["token"])
        if invite.used:
            raise Http404()
        return invite
    def post(self, request, *args, **kwargs):
        invite = self.get_invite()
        invite.team.members.create(user=request.user)
        self.finish(invite)
        return redirect("team")
    def finish(self, invite):
        invite.used = True
        invite.save()
#% a decorator counts, the view makes -> export
def limited(view):
    def wrapper(request, *args, **kwargs):
        if Report.objects.filter(user=request.user).count() >= 5:
            return HttpResponse(status=429)
        return view(request, *args, **kwargs)
    return wrapper
@limited
def export(request):
    Report.objects.create(user=request.user)
    return HttpResponse(status=201)
#% a task asks a helper, then works -> deliver
def is_due(parcel):
    return parcel.sent_at is None and parcel.paid
def mark_sent(parcel):
    parcel.sent_at = timezone.now()
    parcel.save(update_fields=["sent_at"])
@shared_task
def deliver(pk):
    parcel = Parcel.objects.get(pk=pk)
    if is_due(parcel):
        courier.ship(parcel.address)
        mark_sent(parcel)
#% a dictionary of what was found -> book_room
def availability(room, day):
    taken = Booking.objects.filter(room=room, day=day).count()
    return {"room": room, "free": room.beds - taken}
def book_room(request, pk):
    room = Room.objects.get(pk=pk)
    state = availability(room, request.POST["day"])
    if state["free"] < 1:
        return HttpResponse(status=409)
    Booking.objects.create(room=room, day=request.POST["day"], guest=request.user)
    return HttpResponse(status=201)
#% tested outside, written in the callee's transaction -> cancel
@transaction.atomic
def cancel_subscription(subscription):
    subscription.state = "cancelled"
    subscription.save(update_fields=["state"])
    Refund.objects.create(subscription=subscription, amount=subscription.price)
def cancel(request, pk):
    subscription = Subscription.objects.get(pk=pk, user=request.user)
    if subscription.state == "cancelled":
        return JsonResponse({}, status=409)
    cancel_subscription(subscription)
    return JsonResponse({})
#% a helper locks, and its transaction ends -> spend_points
def locked_account(pk):
    with transaction.atomic():
        return Account.objects.select_for_update().get(pk=pk)
def spend_points(pk, points):
    account = locked_account(pk)
    account.points -= points
    account.save(update_fields=["points"])
#% a repository saves what a service counts -> transfer_in
class AccountRepository:
    def by_number(self, number):
        return Account.objects.get(number=number)
    def save(self, account):
        account.save()
def transfer_in(number, amount):
    accounts = AccountRepository()
    account = accounts.by_number(number)
    account.balance = account.balance + amount
    accounts.save(account)
#% a generator of free rows -> seat_guest
def free_seats(show):
    for seat in Seat.objects.filter(show=show, guest=None):
        yield seat
def seat_guest(show, guest):
    for seat in free_seats(show):
        seat.guest = guest
        seat.save()
        send_mail("Your seat", seat.label, None, [guest.email])
        return seat
#% found valid, successor issued, then revoked -> renew
def find_valid(raw):
    token = RenewalToken.objects.get(key=raw)
    if token.revoked_at is not None or token.expires_at < timezone.now():
        raise PermissionDenied()
    return token
def issue_for(user):
    return RenewalToken.objects.create(user=user, key=get_random_string(40))
def renew(request):
    token = find_valid(request.POST["token"])
    successor = issue_for(token.user)
    token.revoked_at = timezone.now()
    token.save()
    return JsonResponse({"token": successor.key})
#% a code verified by one function, used up by another -> confirm_phone
def verify_code(user, code):
    entry = PhoneCode.objects.filter(user=user, code=code).first()
    return entry is not None and not entry.used
def use_up(user, code):
    PhoneCode.objects.filter(user=user, code=code).update(used=True)
def confirm_phone(request):
    if not verify_code(request.user, request.POST["code"]):
        return HttpResponse(status=400)
    use_up(request.user, request.POST["code"])
    Reward.objects.create(user=request.user, kind="phone")
    return HttpResponse()
#% a manager that asks itself -> LabelManager.add
class LabelManager(models.Manager):
    def is_taken(self, text):
        return self.filter(text=text).exists()
    def add(self, text):
        if self.is_taken(text):
            raise ValueError(text)
        return self.create(text=text)
class Label(models.Model):
    text = models.CharField(max_length=30)
    objects = LabelManager()
#% asynchronous helpers -> debit_view
async def get_wallet(user):
    return await Wallet.objects.aget(user=user)
async def debit(wallet, amount):
    wallet.balance = wallet.balance - amount
    await wallet.asave()
async def debit_view(request):
    wallet = await get_wallet(request.user)
    if wallet.balance < 10:
        return HttpResponse(status=402)
    await debit(wallet, 10)
    return HttpResponse()
#% a class method finds, the view makes -> cart_view
class Cart(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    open = models.BooleanField(default=True)
    @classmethod
    def for_user(cls, user):
        return cls.objects.filter(user=user, open=True).first()
    @classmethod
    def start(cls, user):
        return cls.objects.create(user=user)
def cart_view(request):
    cart = Cart.for_user(request.user) or Cart.start(request.user)
    return JsonResponse({"cart": cart.pk})
#% allowed, then booked -> reserve
def can_book(room, day):
    return not Reservation.objects.filter(room=room, day=day).exists()
def book(room, day, user):
    return Reservation.objects.create(room=room, day=day, user=user)
def reserve(request, pk):
    room = get_object_or_404(Room, pk=pk)
    allowed = can_book(room, request.POST["day"])
    if allowed:
        book(room, request.POST["day"], request.user)
    return redirect("rooms")
#% a helper raises, the caller catches -> add_device
class TooMany(Exception):
    pass
def assert_room_for(user):
    if user.devices.count() >= 5:
        raise TooMany()
def add_device(request):
    try:
        assert_room_for(request.user)
    except TooMany:
        return HttpResponse(status=403)
    request.user.devices.create(name=request.POST["name"])
    return HttpResponse(status=201)
#% the model's clean asks, the service saves -> appointment_create|Appointment.clean
class Appointment(models.Model):
    room = models.ForeignKey("Room", on_delete=models.CASCADE)
    start = models.DateTimeField()
    def clean(self):
        if Appointment.objects.filter(room=self.room, start=self.start).exists():
            raise ValidationError("taken")
def appointment_create(*, room, start):
    appointment = Appointment(room=room, start=start)
    appointment.full_clean()
    appointment.save()
    return appointment
#% a mutation's validation and its last step -> FinishOrder.perform_mutation
class FinishOrder(BaseMutation):
    @classmethod
    def clean_order(cls, order):
        if order.status == "finished":
            raise ValidationError("finished already")
    @classmethod
    def finish(cls, order):
        order.status = "finished"
        order.save(update_fields=["status"])
        order.events.create(kind="finished")
    @classmethod
    def perform_mutation(cls, root, info, **data):
        order = cls.get_node_or_error(info, data["id"], only_type=Order)
        cls.clean_order(order)
        cls.finish(order)
        return cls(order=order)
#% a state machine's transition, its consequence in the caller -> pay_invoice|Bill.transition
class Bill(models.Model):
    state = models.CharField(max_length=10)
    def transition(self, new):
        if new not in ALLOWED[self.state]:
            raise InvalidTransition()
        self.state = new
        self.save(update_fields=["state"])
def pay_invoice(request, pk):
    bill = Bill.objects.get(pk=pk)
    bill.transition("paid")
    Payment.objects.create(bill=bill)
    return HttpResponse()
#% a claim that says whether, its consequence in the caller -> run_job
def claim(job):
    if job.started_at:
        return False
    job.started_at = timezone.now()
    job.save(update_fields=["started_at"])
    return True
def run_job(pk):
    job = Job.objects.get(pk=pk)
    if claim(job):
        send_mail("started", job.name, None, [job.owner.email])
#% a document loaded, merged and saved in three functions -> save_preferences
def preferences_of(user):
    preferences, _ = Preferences.objects.get_or_create(user=user)
    return preferences
def merged(old, new):
    return {**old, **new}
def save_preferences(request):
    preferences = preferences_of(request.user)
    preferences.data = merged(preferences.data, request.POST.dict())
    preferences.save()
    return HttpResponse()
#% a list of refusals that a helper collects -> publish
def problems_of(article):
    problems = []
    if article.published_at:
        problems.append("published already")
    if not article.title:
        problems.append("no title")
    return problems
def publish(request, pk):
    article = Article.objects.get(pk=pk)
    if problems_of(article):
        return HttpResponse(status=409)
    article.published_at = timezone.now()
    article.save()
    Announcement.objects.create(article=article)
    return redirect(article)
#% perform_create behind a check in another method -> BidViewSet.perform_create
class BidViewSet(viewsets.ModelViewSet):
    queryset = Bid.objects.all()
    serializer_class = BidSerializer
    def check_open(self, auction):
        if auction.bids.count() >= auction.max_bids:
            raise PermissionDenied()
    def perform_create(self, serializer):
        auction = Auction.objects.get(pk=self.kwargs["auction_pk"])
        self.check_open(auction)
        Bid.objects.create(auction=auction, user=self.request.user)
#% two services, one row -> settle
class Ledger:
    def open_amount(self, invoice):
        return invoice.amount - invoice.paid
    def pay(self, invoice, amount):
        invoice.paid = invoice.paid + amount
        invoice.save()
def settle(request, pk):
    ledger = Ledger()
    invoice = Invoice.objects.get(pk=pk)
    due = ledger.open_amount(invoice)
    if due > 0:
        gateway.charge(request.user, due)
        ledger.pay(invoice, due)
    return HttpResponse()
#% viewset action, helper on self -> OrderViewSet.cancel
class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    def _ensure_cancellable(self, order):
        if order.status in ("shipped", "cancelled"):
            raise ValidationError("too late")
    def _refund(self, order):
        Refund.objects.create(order=order, amount=order.total)
        order.status = "cancelled"
        order.save(update_fields=["status"])
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        order = self.get_object()
        self._ensure_cancellable(order)
        self._refund(order)
        return Response({"status": "cancelled"})
#% queryset method of the model's queryset -> pick_reviewer
class ReviewerQuerySet(models.QuerySet):
    def idle(self):
        return self.filter(current_task=None)
class Reviewer(models.Model):
    current_task = models.ForeignKey("Task", null=True, on_delete=models.SET_NULL)
    objects = ReviewerQuerySet.as_manager()
def pick_reviewer(task):
    reviewer = Reviewer.objects.idle().first()
    if reviewer is None:
        raise NoReviewer()
    reviewer.current_task = task
    reviewer.save(update_fields=["current_task"])
    send_mail("task", task.title, None, [reviewer.email])
    return reviewer
#% get_or_none helper then create in another helper -> sync_contact
def get_or_none(model, **kwargs):
    try:
        return model.objects.get(**kwargs)
    except model.DoesNotExist:
        return None
def sync_contact(payload):
    contact = get_or_none(Contact, external_id=payload["id"])
    if contact is None:
        contact = Contact.objects.create(external_id=payload["id"], name=payload["name"])
    return contact
#% dataclass result -> consume
@dataclass
class Allowance:
    used: int
    limit: int
    @property
    def exhausted(self):
        return self.used >= self.limit
def allowance_for(user):
    return Allowance(used=ApiCall.objects.filter(user=user).count(), limit=user.plan.calls)
def consume(request):
    allowance = allowance_for(request.user)
    if allowance.exhausted:
        return HttpResponse(status=429)
    ApiCall.objects.create(user=request.user)
    return HttpResponse()
#% celery task retried calls model -> charge_subscription
class Subscription(models.Model):
    paid_until = models.DateField()
    def is_due(self):
        return self.paid_until < date.today()
    def extend(self):
        self.paid_until = self.paid_until + timedelta(days=30)
        self.save(update_fields=["paid_until"])
@shared_task
def charge_subscription(pk):
    subscription = Subscription.objects.get(pk=pk)
    if not subscription.is_due():
        return
    stripe.Charge.create(amount=subscription.price)
    subscription.extend()
#% form view with two hooks -> RsvpView.form_valid
class RsvpView(FormView):
    form_class = RsvpForm
    def has_place(self, event):
        return event.guests.count() < event.capacity
    def form_valid(self, form):
        event = Event.objects.get(pk=self.kwargs["pk"])
        if not self.has_place(event):
            form.add_error(None, "full")
            return self.form_invalid(form)
        event.guests.create(name=form.cleaned_data["name"])
        return super().form_valid(form)
#% service function returns early value object -> open_shift
def current_shift(cashier):
    return Shift.objects.filter(cashier=cashier, closed_at__isnull=True).first()
def start_shift(cashier):
    shift = Shift(cashier=cashier, opened_at=timezone.now())
    shift.save()
    return shift
def open_shift(request):
    shift = current_shift(request.user)
    if shift:
        return JsonResponse({"shift": shift.pk})
    shift = start_shift(request.user)
    return JsonResponse({"shift": shift.pk}, status=201)
#% lock in view, unlocked reread in helper -> pay_out|fresh_wallet
def fresh_wallet(user):
    return Wallet.objects.get(user=user)
def pay_out(request):
    wallet = fresh_wallet(request.user)
    amount = int(request.POST["amount"])
    if wallet.balance < amount:
        return HttpResponse(status=402)
    with transaction.atomic():
        wallet.balance -= amount
        wallet.save()
        Payout.objects.create(user=request.user, amount=amount)
    return HttpResponse()
#% three layers -> VoteService.vote
class VoteRepository:
    def has_voted(self, user, poll):
        return Vote.objects.filter(user=user, poll=poll).exists()
    def add(self, user, poll, choice):
        return Vote.objects.create(user=user, poll=poll, choice=choice)
class VoteService:
    def __init__(self, votes):
        self.votes = votes
    def vote(self, user, poll, choice):
        if self.votes.has_voted(user, poll):
            raise AlreadyVoted()
        return self.votes.add(user, poll, choice)
def vote_view(request, pk):
    VoteService(VoteRepository()).vote(request.user, get_object_or_404(Poll, pk=pk), request.POST["choice"])
    return HttpResponse()
#% three layers built in __init__ -> BookingService.book
class SeatRepository:
    def free(self, show):
        return show.capacity - Seat.objects.filter(show=show).count()
    def take(self, show, user):
        return Seat.objects.create(show=show, user=user)
class BookingService:
    def __init__(self):
        self.seats = SeatRepository()
    def book(self, show, user):
        if self.seats.free(show) < 1:
            raise SoldOut()
        return self.seats.take(show, user)
#% serializer save overridden, validate with context -> TransferSerializer.save|TransferSerializer.validate
class TransferSerializer(serializers.Serializer):
    amount = serializers.IntegerField()
    def validate(self, attrs):
        account = self.context["account"]
        if account.balance < attrs["amount"]:
            raise serializers.ValidationError("not enough")
        return attrs
    def save(self):
        account = self.context["account"]
        account.balance = account.balance - self.validated_data["amount"]
        account.save()
#% signal handler calling a service -> grant_badge
def points_of(user):
    return user.profile.points
@receiver(post_save, sender=Answer)
def grant_badge(sender, instance, created, **kwargs):
    profile = instance.author.profile
    profile.points = points_of(instance.author) + 10
    profile.save()
#% admin action with helper -> publish_selected
def should_publish(post):
    return post.published_at is None
def publish_post(post):
    post.published_at = timezone.now()
    post.save()
    notify_subscribers.delay(post.pk)
@admin.action(description="Publish")
def publish_selected(modeladmin, request, queryset):
    for post in queryset:
        if should_publish(post):
            publish_post(post)
#% context object -> checkout
class CheckoutContext:
    def __init__(self, cart):
        self.cart = cart
        self.coupon = cart.coupon
    def coupon_left(self):
        return self.coupon.max_uses - self.coupon.uses
def use_coupon(coupon):
    coupon.uses += 1
    coupon.save()
def checkout(request):
    context = CheckoutContext(request.user.cart)
    if context.coupon_left() <= 0:
        return HttpResponse(status=409)
    use_coupon(context.coupon)
    Order.objects.create(user=request.user)
    return HttpResponse()
#% abstract base view with hook names as attributes -> ToggleView.post
class ToggleView(View):
    def get_row(self):
        return get_object_or_404(self.model, pk=self.kwargs["pk"])
    def post(self, request, pk):
        row = self.get_row()
        if row.done:
            return HttpResponse(status=409)
        self.mark(row)
        return HttpResponse()
    def mark(self, row):
        row.done = True
        row.save()
        self.after(row)
    def after(self, row):
        Log.objects.create(text=str(row))
class ChoreToggleView(ToggleView):
    model = Chore
#% graphql resolver helpers -> redeem
def load_code(code):
    promo = PromoCode.objects.filter(code=code).first()
    if not promo:
        raise GraphQLError("unknown")
    return promo
def assert_unused(promo):
    if promo.redeemed_by_id:
        raise GraphQLError("used")
def redeem(root, info, code):
    promo = load_code(code)
    assert_unused(promo)
    promo.redeemed_by = info.context.user
    promo.save(update_fields=["redeemed_by"])
    add_credit(info.context.user, promo.value)
    return promo
def add_credit(user, value):
    Credit.objects.create(user=user, value=value)
#% ninja endpoint with services module -> api_join
def member_count(team):
    return Membership.objects.filter(team=team).count()
def join_team(team, user):
    return Membership.objects.create(team=team, user=user)
@router.post("/teams/{team_id}/join")
def api_join(request, team_id: int):
    team = get_object_or_404(Team, id=team_id)
    if member_count(team) >= team.max_members:
        raise HttpError(409, "full")
    join_team(team, request.user)
    return {"ok": True}
#% cached property tested -> Importer.run
class Importer:
    def __init__(self, source):
        self.source = source
    @cached_property
    def last_run(self):
        return ImportRun.objects.filter(source=self.source).order_by("-number").first()
    def next_number(self):
        return self.last_run.number + 1 if self.last_run else 1
    def run(self):
        return ImportRun.objects.create(source=self.source, number=self.next_number())
#% update dict through helper -> patch_settings
def apply_changes(settings, changes):
    for key, value in changes.items():
        settings.options[key] = value
def patch_settings(request):
    settings = Settings.objects.get(user=request.user)
    apply_changes(settings, request.data)
    settings.save()
    return Response(settings.options)
#% two booleans combined -> enroll
def enroll(request, pk):
    course = get_object_or_404(Course, pk=pk)
    full = is_full(course)
    enrolled = is_enrolled(course, request.user)
    if full or enrolled:
        return HttpResponse(status=409)
    create_enrollment(course, request.user)
    return HttpResponse(status=201)
def is_full(course):
    return course.enrollments.count() >= course.size
def is_enrolled(course, user):
    return Enrollment.objects.filter(course=course, user=user).exists()
def create_enrollment(course, user):
    Enrollment.objects.create(course=course, user=user)
#% a decorator that is given a limit asks for the row -> redeem
def once_only(message):
    def decorate(view):
        @wraps(view)
        def wrapper(request, code, *args, **kwargs):
            if Redemption.objects.filter(code=code).exists():
                raise PermissionDenied(message)
            return view(request, code, *args, **kwargs)
        return wrapper
    return decorate
@once_only("used")
def redeem(request, code):
    Redemption.objects.create(code=code, user=request.user)
#% an interface between service and repository -> VoteService.vote
class Votes(Protocol):
    def has_voted(self, user, poll) -> bool: ...
    def cast(self, user, poll) -> Vote: ...
class StoredVotes:
    def has_voted(self, user, poll) -> bool:
        return Vote.objects.filter(user=user, poll=poll).exists()
    def cast(self, user, poll) -> Vote:
        return Vote.objects.create(user=user, poll=poll)
class VoteService:
    def __init__(self, votes: Votes) -> None:
        self.votes = votes
    def vote(self, user, poll):
        if self.votes.has_voted(user, poll):
            raise AlreadyVoted()
        return self.votes.cast(user, poll)
#% an abstract base between service and repository -> Ordering.place
class Stock(ABC):
    @abstractmethod
    def left(self, sku: str) -> int:
        """How many there are."""
        raise NotImplementedError
    @abstractmethod
    def withdraw(self, sku: str, count: int) -> None:
        raise NotImplementedError
class TableStock(Stock):
    def left(self, sku: str) -> int:
        return Shelf.objects.get(sku=sku).count
    def withdraw(self, sku: str, count: int) -> None:
        shelf = Shelf.objects.get(sku=sku)
        shelf.count -= count
        shelf.save()
class Ordering:
    def __init__(self, stock: Stock):
        self.stock = stock
    def place(self, sku, count):
        if self.stock.left(sku) < count:
            raise SoldOut()
        self.stock.withdraw(sku, count)
        Order.objects.create(sku=sku, count=count)
#% handed in as anything -> VoteService.vote
class VoteRepository:
    def has_voted(self, user: Any, poll: Any) -> Any:
        return Vote.objects.filter(user=user, poll=poll).exists()
    def add(self, user: Any, poll: Any, choice: Any) -> Any:
        return Vote.objects.create(user=user, poll=poll, choice=choice)
class VoteService:
    def __init__(self, votes: Any) -> Any:
        self.votes = votes
    def vote(self, user: Any, poll: Any, choice: Any) -> Any:
        if self.votes.has_voted(user, poll):
            raise AlreadyVoted()
        return self.votes.add(user, poll, choice)
