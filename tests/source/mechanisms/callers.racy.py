# Other frameworks and other forms of Python around the same gaps.
#% django-ninja -> book_lane
@router.post("/lanes/{lane_id}/bookings", response={201: BookingOut, 409: Message})
def book_lane(request, lane_id: int, payload: BookingIn):
    lane = get_object_or_404(Lane, id=lane_id)
    if Booking.objects.filter(lane=lane, day=payload.day).exists():
        return 409, {"message": "booked"}
    booking = Booking.objects.create(lane=lane, **payload.dict())
    return 201, booking
#% a mutation of graphene -> AcceptOffer.mutate
class AcceptOffer(graphene.Mutation):
    class Arguments:
        offer_id = graphene.ID(required=True)
    ok = graphene.Boolean()
    @classmethod
    def mutate(cls, root, info, offer_id):
        offer = Offer.objects.get(pk=offer_id)
        if offer.accepted_by is not None:
            raise GraphQLError("accepted already")
        offer.accepted_by = info.context.user
        offer.save()
        Deal.objects.create(offer=offer, user=info.context.user)
        return cls(ok=True)
#% strawberry, async -> Mutation.claim_prize
@strawberry.type
class Mutation:
    @strawberry.mutation
    async def claim_prize(self, info: Info, prize_id: int) -> bool:
        prize = await Prize.objects.aget(pk=prize_id)
        if prize.claimed:
            return False
        prize.claimed = True
        await prize.asave()
        await Shipment.objects.acreate(prize=prize, to=info.context.request.user)
        return True
#% a task that retries -> settle
@app.task(bind=True, max_retries=5)
def settle(self, order_id):
    try:
        order = Order.objects.get(pk=order_id)
        if order.settled:
            return
        bank.charge(order.total)
        order.settled = True
        order.save()
    except BankDown as error:
        raise self.retry(exc=error)
#% a consumer of Channels -> RoomConsumer.receive_json|RoomConsumer.take_seat
class RoomConsumer(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content):
        if content["type"] == "sit":
            await self.take_seat(content["seat"])
    @database_sync_to_async
    def take_seat(self, number):
        seat = Seat.objects.get(room=self.room, number=number)
        if seat.user_id is None:
            seat.user = self.scope["user"]
            seat.save()
            Notice.objects.create(seat=seat)
#% an action of the admin -> approve
@admin.action(description="approve")
def approve(modeladmin, request, queryset):
    for claim in queryset.filter(state="open"):
        claim.state = "approved"
        claim.save()
        send_mail("approved", claim.text, None, [claim.mail])
#% the admin's save_model -> VolumeAdmin.save_model
class VolumeAdmin(admin.ModelAdmin):
    def save_model(self, request, obj, form, change):
        if not change:
            obj.number = Volume.objects.filter(series=obj.series).count() + 1
        super().save_model(request, obj, form, change)
#% a service with execute -> Redeem.execute
class Redeem(Service):
    code = forms.CharField()
    def execute(self):
        self._load()
        self._check()
        self._spend()
    def _load(self):
        self.card = GiftCard.objects.get(code=self.cleaned_data["code"])
    def _check(self):
        if self.card.spent_at:
            raise ValidationError("spent")
    def _spend(self):
        self.card.spent_at = timezone.now()
        self.card.save()
        Credit.objects.create(card=self.card)
#% a cached property -> Draw.go
class Draw:
    def __init__(self, pk):
        self.pk = pk
    @cached_property
    def lottery(self):
        return Lottery.objects.get(pk=self.pk)
    def go(self):
        if self.lottery.winner_id:
            return
        self.lottery.winner = self.lottery.players.order_by("?").first()
        self.lottery.save()
        send_mail("you won", "!", None, [self.lottery.winner.email])
#% walrus -> open_account
def open_account(user):
    if not (account := Account.objects.filter(owner=user).first()):
        account = Account.objects.create(owner=user)
    return account
#% match on a state -> handle
def handle(request, pk):
    parcel = Parcel.objects.get(pk=pk)
    match parcel.state:
        case "packed":
            parcel.state = "sent"
            parcel.save()
            Label.objects.create(parcel=parcel)
        case _:
            return HttpResponse(status=409)
    return HttpResponse()
#% any over rows -> add_player
def add_player(team, person):
    if any(player.person_id == person.pk for player in team.players.all()):
        raise ValueError("plays already")
    team.players.create(person=person)
#% all over rows -> close_round
def close_round(pk):
    round_ = Round.objects.get(pk=pk)
    if all(one.done for one in round_.matches.all()) and not round_.closed:
        round_.closed = True
        round_.save()
        Round.objects.create(number=round_.number + 1)
#% continue early -> bill_all
def bill_all():
    for contract in Contract.objects.filter(active=True):
        if contract.billed:
            continue
        Invoice.objects.create(contract=contract)
        contract.billed = True
        contract.save()
#% try, except, else -> reserve_name
def reserve_name(name, user):
    try:
        Domain.objects.get(name=name)
    except Domain.DoesNotExist:
        pass
    else:
        raise NameTaken(name)
    return Domain.objects.create(name=name, user=user)
#% a generator of what is free -> assign_desk
def free_desks(floor):
    for desk in floor.desks.all():
        if desk.person_id is None:
            yield desk
def assign_desk(floor, person):
    desk = next(free_desks(floor), None)
    if desk is None:
        raise Full()
    desk.person = person
    desk.save()
#% a decorator that checks -> buy_token
def one_only(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        if Pass.objects.filter(owner=request.user).exists():
            return JsonResponse({}, status=409)
        return view(request, *args, **kwargs)
    return inner
@one_only
def buy_token(request):
    Pass.objects.create(owner=request.user)
    return JsonResponse({}, status=201)
#% a decorator that calls on the good arm -> vote
def while_open(function):
    def wrapper(request, pk):
        ballot = Ballot.objects.get(pk=pk)
        if Vote.objects.filter(ballot=ballot, voter=request.user).count() < ballot.votes_each:
            return function(request, pk)
        raise PermissionDenied()
    return wrapper
@while_open
def vote(request, pk):
    Vote.objects.create(ballot_id=pk, voter=request.user, choice=request.POST["choice"])
    return HttpResponse(status=201)
#% a context manager that asks first -> start_run
@contextmanager
def only_one(project):
    if Run.objects.filter(project=project, ended=None).exists():
        raise Busy()
    yield
def start_run(project):
    with only_one(project):
        return Run.objects.create(project=project)
#% a class with __call__ as a use case -> MoveOut.__call__
class MoveOut:
    def __call__(self, *, lease_id):
        lease = self.fetch(lease_id)
        self.ensure_running(lease)
        lease.ended = timezone.now()
        lease.save(update_fields=["ended"])
        Deposit.objects.create(lease=lease)
    def fetch(self, lease_id):
        return Lease.objects.get(pk=lease_id)
    def ensure_running(self, lease):
        if lease.ended is not None:
            raise ValueError("ended")
#% a hidden async exists -> subscribe
async def subscribe(request, topic):
    if await Subscription.objects.filter(user=request.user, topic=topic).aexists():
        return JsonResponse({}, status=409)
    await Subscription.objects.acreate(user=request.user, topic=topic)
    return JsonResponse({}, status=201)
#% async for -> renew
async def renew(now):
    async for card in Card.objects.filter(expires__lt=now):
        if card.renewed:
            continue
        await mailer.send_message(card.mail)
        card.renewed = True
        await card.asave()
