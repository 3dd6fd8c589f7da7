#% django-ninja, and the database refuses
class Booking(models.Model):
    lane = models.ForeignKey("Lane", on_delete=models.CASCADE)
    day = models.DateField()
    class Meta:
        unique_together = [("lane", "day")]
@router.post("/lanes/{lane_id}/bookings")
def book_lane(request, lane_id: int, payload: BookingIn):
    lane = get_object_or_404(Lane, id=lane_id)
    booking, made = Booking.objects.get_or_create(lane=lane, day=payload.day)
    return (201 if made else 409), booking
#% a mutation under a lock
class AcceptOffer(graphene.Mutation):
    @classmethod
    @transaction.atomic
    def mutate(cls, root, info, offer_id):
        offer = Offer.objects.select_for_update().get(pk=offer_id)
        if offer.accepted_by is not None:
            raise GraphQLError("accepted already")
        offer.accepted_by = info.context.user
        offer.save()
        Deal.objects.create(offer=offer, user=info.context.user)
        return cls(ok=True)
#% async, in one statement
async def claim_prize(request, prize_id):
    if not await Prize.objects.filter(pk=prize_id, claimed=False).aupdate(claimed=True):
        return HttpResponse(status=409)
    await Shipment.objects.acreate(prize_id=prize_id, to=request.user)
    return HttpResponse()
#% a decorator that opens a transaction and locks
def on_wallet(function):
    @wraps(function)
    def wrapper(request, *args, **kwargs):
        with transaction.atomic():
            wallet = Wallet.objects.select_for_update().get(owner=request.user)
            return function(request, wallet, *args, **kwargs)
    return wrapper
@on_wallet
def spend(request, wallet, price):
    if wallet.coins < price:
        return HttpResponse(status=402)
    wallet.coins -= price
    wallet.save()
    return HttpResponse()
#% a decorator that holds a lock of Redis
def alone(function):
    def wrapper(project, *args):
        with redis.lock("project-%s" % project.pk):
            return function(project, *args)
    return wrapper
@alone
def start_run(project):
    if Run.objects.filter(project=project, ended=None).exists():
        raise Busy()
    return Run.objects.create(project=project)
#% a context manager that locks
@contextmanager
def locked(pk):
    with transaction.atomic():
        yield Lottery.objects.select_for_update().get(pk=pk)
def draw(pk):
    with locked(pk) as lottery:
        if lottery.winner_id:
            return
        lottery.winner = lottery.players.first()
        lottery.save()
#% an admin action by the database
@admin.action(description="approve")
def approve(modeladmin, request, queryset):
    queryset.filter(state="open").update(state="approved")
#% match on what was sent
def handle(request, pk):
    parcel = Parcel.objects.get(pk=pk)
    match request.POST["what"]:
        case "rename":
            parcel.name = request.POST["name"]
            parcel.save(update_fields=["name"])
        case _:
            return HttpResponse(status=400)
    return HttpResponse()
#% any over what was given
def add_names(team, names):
    if any(not name for name in names):
        raise ValueError("empty")
    for name in names:
        Player.objects.create(team=team, name=name)
#% a generator that only shows
def free_desks(floor):
    for desk in floor.desks.all():
        if desk.person_id is None:
            yield desk
def list_desks(floor):
    return [desk.number for desk in free_desks(floor)]
#% a cached property under a lock
class Draw:
    @cached_property
    def lottery(self):
        return Lottery.objects.select_for_update().get(pk=self.pk)
    @transaction.atomic
    def go(self):
        if self.lottery.winner_id:
            return
        self.lottery.winner = self.lottery.players.first()
        self.lottery.save()
#% a decorator about who somebody is
def staff_only(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        if not Staff.objects.filter(user=request.user).exists():
            return JsonResponse({}, status=403)
        return view(request, *args, **kwargs)
    return inner
@staff_only
def add_room(request):
    Room.objects.create(name=request.POST["name"])
    return JsonResponse({}, status=201)
#% a service that is handled once by the database
class Redeem(Service):
    def execute(self):
        changed = GiftCard.objects.filter(code=self.cleaned_data["code"], spent_at=None).update(spent_at=timezone.now())
        if not changed:
            raise ValidationError("spent")
        Credit.objects.create(code=self.cleaned_data["code"])
