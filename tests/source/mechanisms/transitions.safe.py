#% a transition under a lock
@transaction.atomic
def report(parcel_id, payload):
    parcel = Parcel.objects.select_for_update().get(pk=parcel_id)
    wanted = payload.get("stage", "").lower()
    if wanted not in ALLOWED.get(parcel.stage, set()):
        raise TransitionError(wanted)
    parcel.stage = wanted
    parcel.save(update_fields=["stage"])
#% a transition by a conditional update
def report(parcel_id, payload):
    wanted = payload.get("stage", "").lower()
    changed = Parcel.objects.filter(pk=parcel_id, stage__in=BEFORE[wanted]).update(stage=wanted)
    if not changed:
        raise TransitionError(wanted)
#% the same name once more is no news
def rename(request, pk):
    shelf = get_object_or_404(Shelf, pk=pk)
    name = request.POST["name"]
    if shelf.name == name:
        return JsonResponse({"error": "that is its name"}, status=400)
    shelf.name = name
    shelf.save(update_fields=["name"])
    return JsonResponse({})
#% filled where it was empty, and nobody is turned away
def complete(request, pk):
    profile = get_object_or_404(Profile, pk=pk)
    if not profile.city:
        profile.city = request.POST["city"]
    profile.save(update_fields=["city"])
    return JsonResponse({})
#% switched off for good: twice is as good as once
def retire(request, pk):
    machine = get_object_or_404(Machine, pk=pk)
    if machine.retired_at:
        return JsonResponse({"error": "retired"}, status=400)
    machine.retired_at = timezone.now()
    machine.save(update_fields=["retired_at"])
    return JsonResponse({})
#% another column is tested than the one that is set
def annotate(request, pk):
    case = get_object_or_404(Case, pk=pk)
    if case.closed:
        return JsonResponse({"error": "closed"}, status=400)
    case.remark = request.POST["remark"]
    case.save(update_fields=["remark"])
    return JsonResponse({})
#% what was sent is tested, not what is there
def set_volume(request, pk):
    player = get_object_or_404(Player, pk=pk)
    volume = int(request.POST["volume"])
    if volume > 100:
        return JsonResponse({"error": "too loud"}, status=400)
    player.volume = volume
    player.save(update_fields=["volume"])
    return JsonResponse({})
#% a serializer that tests only what was sent
class StepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Claim
        fields = ["step"]
    def validate_step(self, value):
        if value not in STEPS:
            raise serializers.ValidationError("no such step")
        return value
#% a serializer that updates by a condition
class StepSerializer(serializers.Serializer):
    def validate_step(self, value):
        if value not in STEPS[self.instance.step]:
            raise serializers.ValidationError("not from here")
        return value
    def update(self, instance, validated_data):
        step = validated_data["step"]
        if not Claim.objects.filter(pk=instance.pk, step=instance.step).update(step=step):
            raise serializers.ValidationError("changed meanwhile")
        return instance
