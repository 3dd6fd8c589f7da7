# Serializers that lock what they save, or save what they were sent.
#% the row is locked, then some of it is sent
class Plot(models.Model):
    name = models.CharField(max_length=9)
    crop = models.CharField(max_length=9)
class PlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plot
        fields = ["name", "crop"]
class PlotView(APIView):
    @transaction.atomic
    def patch(self, request, pk):
        plot = Plot.objects.select_for_update().get(pk=pk)
        serializer = PlotSerializer(plot, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
#% all of it is sent
class Plot(models.Model):
    name = models.CharField(max_length=9)
    crop = models.CharField(max_length=9)
class PlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plot
        fields = ["name", "crop"]
class PlotView(APIView):
    def put(self, request, pk):
        plot = get_object_or_404(Plot, pk=pk)
        serializer = PlotSerializer(plot, data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
#% one column is all that the serializer has
class Plot(models.Model):
    name = models.CharField(max_length=9)
class PlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plot
        fields = ["name"]
class PlotView(APIView):
    def patch(self, request, pk):
        plot = get_object_or_404(Plot, pk=pk)
        serializer = PlotSerializer(plot, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
#% counted again under the lock in the serializer's create
class Coach(models.Model):
    seats = models.IntegerField()
class Passenger(models.Model):
    coach = models.ForeignKey(Coach, related_name="passengers", on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
class HasSeat(BasePermission):
    def has_permission(self, request, view):
        coach = get_object_or_404(Coach, pk=view.kwargs["coach"])
        return coach.passengers.count() < coach.seats
class SeatSerializer(serializers.Serializer):
    def create(self, validated_data):
        with transaction.atomic():
            coach = Coach.objects.select_for_update().get(pk=self.context["coach"].pk)
            if coach.passengers.count() >= coach.seats:
                raise serializers.ValidationError("full")
            return Passenger.objects.create(coach=coach, user=self.context["request"].user)
class SeatList(generics.CreateAPIView):
    serializer_class = SeatSerializer
    permission_classes = [IsAuthenticated, HasSeat]
    def perform_create(self, serializer):
        serializer.save()
