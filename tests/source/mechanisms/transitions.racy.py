#% a transition that a table allows, set to what the device sent -> report
ALLOWED = {"queued": {"loaded"}, "loaded": {"gone", "lost"}}
def report(parcel_id, payload):
    parcel = Parcel.objects.get(pk=parcel_id)
    wanted = payload.get("stage", "").lower()
    if wanted not in ALLOWED.get(parcel.stage, set()):
        raise TransitionError(wanted)
    parcel.stage = wanted
    parcel.save(update_fields=["stage"])
#% a transition whose name becomes a member of an enumeration -> move
class Stage(models.TextChoices):
    OPEN = "open"
    SHUT = "shut"
def move(gate_id, block):
    gate = Gate.objects.get(pk=gate_id)
    try:
        wanted = Stage(block.get("stage"))
    except ValueError:
        raise ProcessingError("no such stage")
    allowed = NEXT.get(gate.stage, ())
    if wanted not in allowed:
        raise ProcessingError("not from here")
    gate.stage = wanted
    gate.save()
#% a method of the row says whether it may move on -> TicketPhase.patch
class Ticket(models.Model):
    phase = models.CharField(max_length=20)
    def may_become(self, phase):
        return phase in FLOW[self.phase]
class TicketPhase(APIView):
    def patch(self, request, pk):
        ticket = get_object_or_404(Ticket, pk=pk)
        phase = request.data["phase"]
        if not ticket.may_become(phase):
            return Response({"detail": "not allowed"}, status=409)
        ticket.phase = phase
        ticket.save(update_fields=["phase"])
        return Response()
#% who came first keeps the name -> choose_handle
def choose_handle(request):
    account = Account.objects.get(user=request.user)
    if account.handle:
        return JsonResponse({"error": "chosen already"}, status=400)
    account.handle = request.POST["handle"]
    account.save(update_fields=["handle"])
    return JsonResponse({"handle": account.handle})
#% a bid has to be higher than the last one -> bid
def bid(request, pk):
    lot = get_object_or_404(Lot, pk=pk)
    amount = int(request.POST["amount"])
    if amount <= lot.highest_bid:
        return JsonResponse({"error": "too low"}, status=400)
    lot.highest_bid = amount
    lot.save(update_fields=["highest_bid"])
    return JsonResponse({})
#% closed for good, unless two come at once -> set_outcome
@transaction.atomic
def set_outcome(match, outcome):
    match = Match.objects.get(pk=match.pk)
    if match.outcome != Match.UNDECIDED:
        raise ValidationError("decided")
    match.outcome = outcome
    match.save()
#% the test is a function's that raises -> advance
def check_step(old, new):
    if new not in STEPS[old]:
        raise ValidationError("no such step")
def advance(request, pk):
    claim = Claim.objects.get(pk=pk)
    step = request.POST["step"]
    check_step(claim.step, step)
    claim.step = step
    claim.save(update_fields=["step"])
#% the serializer tests the step and sets it -> StepSerializer.update|StepSerializer.validate_step
class StepSerializer(serializers.Serializer):
    def validate_step(self, value):
        if value not in STEPS[self.instance.step]:
            raise serializers.ValidationError("not from here")
        return value
    def update(self, instance, validated_data):
        instance.step = validated_data["step"]
        instance.save(update_fields=["step"])
        return instance
#% the serializer tests the step and the framework sets it -> StepSerializer.validate_step
class StepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Claim
        fields = ["step"]
    def validate_step(self, value):
        if self.instance and value not in STEPS[self.instance.step]:
            raise serializers.ValidationError("not from here")
        return value
#% a name that nobody may take away, by the framework -> GroupSerializer.validate_name
class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["name"]
    def validate_name(self, value):
        if self.instance and self.instance.name == "core" and value != "core":
            raise serializers.ValidationError("stays")
        return value
