#% each of those that were sent is found valid and made, one by one -> TicketViewSet.create
class Ticket(models.Model):
    seat = models.CharField(max_length=8)
class TicketViewSet(viewsets.ModelViewSet):
    queryset = Ticket.objects.all()
    def create(self, request):
        for data in request.data:
            serializer = self.get_serializer(data=data)
            serializer.is_valid(raise_exception=True)
            self.perform_create(serializer)
        return Response(status=201)
    def perform_create(self, serializer):
        with transaction.atomic():
            serializer.save()
#% the answer to one that cannot be deleted is that of all -> remove_rooms
class Room(models.Model):
    number = models.IntegerField()
def remove_rooms(request):
    try:
        for room in Room.objects.filter(pk__in=request.POST.getlist("rooms")):
            room.delete()
    except ProtectedError as error:
        messages.error(request, str(error))
    return redirect("rooms")
#% one that is closed turns the whole request away -> note_all
class Till(models.Model):
    closed = models.BooleanField(default=False)
    note = models.CharField(max_length=40)
def note_all(request):
    for pk in request.POST.getlist("tills"):
        till = Till.objects.get(pk=pk)
        if till.closed:
            return HttpResponseBadRequest("closed")
        till.note = request.POST["note"]
        till.save(update_fields=["note"])
    return HttpResponse("ok")
#% what a serializer was sent -> CrateSerializer.create|CrateView.post
class Bottle(models.Model):
    crate = models.CharField(max_length=40)
class CrateSerializer(serializers.Serializer):
    def create(self, validated_data):
        for label in validated_data["labels"]:
            if "/" in label:
                raise serializers.ValidationError("no slash")
            Bottle.objects.create(crate=label)
        return validated_data
class CrateView(APIView):
    def post(self, request):
        serializer = CrateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=201)
