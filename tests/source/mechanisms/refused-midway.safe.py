#% all of them in one transaction
class Ticket(models.Model):
    seat = models.CharField(max_length=8)
class TicketViewSet(viewsets.ModelViewSet):
    queryset = Ticket.objects.all()
    @transaction.atomic
    def create(self, request):
        for data in request.data:
            serializer = self.get_serializer(data=data)
            serializer.is_valid(raise_exception=True)
            self.perform_create(serializer)
        return Response(status=201)
    def perform_create(self, serializer):
        serializer.save()
#% all are found valid before the first is made
class Ticket(models.Model):
    seat = models.CharField(max_length=8)
class TicketViewSet(viewsets.ModelViewSet):
    queryset = Ticket.objects.all()
    def create(self, request):
        found = [self.get_serializer(data=data) for data in request.data]
        for serializer in found:
            serializer.is_valid(raise_exception=True)
        for serializer in found:
            self.perform_create(serializer)
        return Response(status=201)
#% each is answered for by itself
class Room(models.Model):
    number = models.IntegerField()
def remove_rooms(request):
    for room in Room.objects.filter(pk__in=request.POST.getlist("rooms")):
        try:
            room.delete()
        except ProtectedError as error:
            messages.error(request, str(error))
    return redirect("rooms")
#% the transaction is within the try
class Room(models.Model):
    number = models.IntegerField()
def remove_rooms(request):
    try:
        with transaction.atomic():
            for room in Room.objects.filter(pk__in=request.POST.getlist("rooms")):
                room.delete()
    except ProtectedError as error:
        messages.error(request, str(error))
    return redirect("rooms")
#% the first that fits is the only one
class Bin(models.Model):
    number = models.IntegerField()
class Parcel(models.Model):
    bin = models.ForeignKey(Bin, on_delete=models.CASCADE)
def store(request):
    for bin in Bin.objects.order_by("number"):
        if bin.number < 0:
            raise ValidationError("no such bin")
        if bin.number > int(request.POST["from"]):
            Parcel.objects.create(bin=bin)
            break
    return HttpResponse("ok")
#% a task does what it can, and is told of nothing
class Room(models.Model):
    number = models.IntegerField()
def clear_rooms(pks):
    for room in Room.objects.filter(pk__in=pks):
        if room.number < 0:
            raise ValueError(room.number)
        room.delete()
