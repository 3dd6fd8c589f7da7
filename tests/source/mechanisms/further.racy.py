# Written after all of the others, and before anything was changed for them.
#% missed: a template method of the project's base view asks, the subclass writes -> PollVoteView.act|BaseActionView.post
class BaseActionView(APIView):
    def post(self, request, pk):
        target = self.get_target(pk)
        self.check(target)
        return Response(self.act(target))
    def get_target(self, pk):
        return get_object_or_404(self.model, pk=pk)
    def check(self, target):
        if target.closed:
            raise ValidationError("closed")
    def act(self, target):
        raise NotImplementedError
class PollVoteView(BaseActionView):
    model = Poll
    def check(self, target):
        super().check(target)
        if target.votes.filter(user=self.request.user).exists():
            raise ValidationError("voted")
    def act(self, target):
        vote = target.votes.create(user=self.request.user)
        return {"id": vote.pk}
#% the row is handed back by a helper that returns a tuple -> redeem
def find_code(text):
    code = PromoCode.objects.filter(text=text).first()
    if code is None:
        return None, "unknown"
    if code.redeemed:
        return code, "redeemed"
    return code, None
def redeem(request):
    code, problem = find_code(request.POST["code"])
    if problem:
        return JsonResponse({"error": problem}, status=400)
    code.redeemed = True
    code.save()
    Voucher.objects.create(code=code, user=request.user)
    return JsonResponse({})
#% kept on self by setup, tested in one method, written in another -> AnswerView.post
class AnswerView(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.quiz = get_object_or_404(Quiz, pk=kwargs["pk"])
        self.attempt = self.quiz.attempts.filter(user=request.user).first()
    def post(self, request, pk):
        if self.attempt is not None:
            return HttpResponseForbidden()
        Attempt.objects.create(quiz=self.quiz, user=request.user)
        return HttpResponse(status=201)
#% the state is an enum and the write is an update by key -> ship
def ship(order_id):
    order = Order.objects.get(id=order_id)
    if order.status is not Status.PAID:
        raise InvalidState(order.status)
    carrier.send_parcel(order)
    Order.objects.filter(id=order_id).update(status=Status.SHIPPED)
#% a check by a manager that counts, the making in a classmethod -> Device.register
class DeviceQuerySet(models.QuerySet):
    def active(self):
        return self.filter(retired=None)
class Device(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    retired = models.DateTimeField(null=True)
    objects = DeviceQuerySet.as_manager()
    @classmethod
    def register(cls, owner, push_id):
        if cls.objects.filter(owner=owner).active().count() >= 3:
            raise TooManyDevices()
        return cls.objects.create(owner=owner)
#% graphene's ClientIDMutation -> BookSeat.mutate_and_get_payload
class BookSeat(relay.ClientIDMutation):
    class Input:
        show = graphene.ID()
    seat = graphene.Field(SeatNode)
    @classmethod
    def mutate_and_get_payload(cls, root, info, show):
        seat = Seat.objects.filter(show_id=show, booked_by__isnull=True).first()
        if seat is None:
            raise Exception("sold out")
        seat.booked_by = info.context.user
        seat.save()
        return BookSeat(seat=seat)
#% a management command as a worker -> Command.handle
class Command(BaseCommand):
    def handle(self, *args, **options):
        while True:
            job = Job.objects.filter(state="new").first()
            if not job:
                time.sleep(1)
                continue
            job.state = "running"
            job.save()
            job.run()
#% a bulk update from values read before -> rebalance
def rebalance(shares):
    rows = {row.pk: row for row in Fund.objects.filter(pk__in=shares)}
    for pk, share in shares.items():
        rows[pk].amount = rows[pk].amount + share
    Fund.objects.bulk_update(rows.values(), ["amount"])
#% a nested function that is called later -> make_handler
def make_handler(counter_id):
    def handle(event):
        counter = EventCounter.objects.get(pk=counter_id)
        counter.total = counter.total + event.weight
        counter.save()
    return handle
#% setdefault in a JSON column -> note_device
def note_device(user, device, at):
    user.profile.devices.setdefault(device, []).append(at.isoformat())
    user.profile.save()
#% conditional expression instead of if -> next_round
def next_round(game):
    last = game.rounds.order_by("-number").first()
    number = last.number + 1 if last is not None else 1
    return Round.objects.create(game=game, number=number)
#% ensure in a property -> Person.purse
class Person(AbstractUser):
    @property
    def purse(self):
        try:
            return self.purse_row
        except Purse.DoesNotExist:
            return Purse.objects.create(person=self)
class Purse(models.Model):
    person = models.OneToOneField(Person, related_name="purse_row", on_delete=models.CASCADE)
#% a webhook that sets what it was sent, older ones too -> payment_webhook
def payment_webhook(request):
    body = json.loads(request.body)
    payment = Payment.objects.get(reference=body["reference"])
    if payment.status == "captured":
        return HttpResponse()
    payment.status = body["status"]
    payment.raw = body
    payment.save()
    if payment.status == "captured":
        Licence.objects.create(user=payment.user)
    return HttpResponse()
#% tickets of a kind, reserved in a loop -> reserve
def reserve(request):
    wanted = json.loads(request.body)
    with transaction.atomic():
        order = Order.objects.create(user=request.user)
        for item in wanted:
            kind = TicketKind.objects.get(pk=item["kind"])
            if kind.sold + item["n"] > kind.total:
                raise SoldOut(kind)
            TicketKind.objects.filter(pk=kind.pk).update(sold=kind.sold + item["n"])
            Ticket.objects.create(order=order, kind=kind, n=item["n"])
    return JsonResponse({"order": order.pk})
#% the lock is on the wrong query -> approve_leave
@transaction.atomic
def approve_leave(request, pk):
    leave = Leave.objects.get(pk=pk)
    employee = Employee.objects.select_for_update().get(pk=request.user.employee.pk)
    if leave.state != "asked":
        raise PermissionDenied()
    leave.state = "approved"
    leave.approver = employee
    leave.save()
    Absence.objects.create(leave=leave)
#% mail before the commit -> invite
@transaction.atomic
def invite(team, email):
    invitation = Invitation.objects.create(team=team, email=email, token=uuid4().hex)
    send_mail("join", invitation.token, None, [email])
    return invitation
