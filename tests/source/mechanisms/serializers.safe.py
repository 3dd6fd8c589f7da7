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
#% locked through the view's own filters
class Plot(models.Model):
    name = models.CharField(max_length=9)
    crop = models.CharField(max_length=9)
class PlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plot
        fields = ["name", "crop"]
class PlotView(viewsets.GenericViewSet):
    queryset = Plot.objects.all()
    serializer_class = PlotSerializer
    def row_to_change(self):
        return get_object_or_404(self.filter_queryset(self.get_queryset().select_for_update()), pk=self.kwargs["pk"])
    def partial_update(self, request, pk=None):
        with transaction.atomic():
            instance = self.row_to_change()
            serializer = self.get_serializer(instance, data=request.data, partial=True)
            serializer.is_valid(raise_exception=True)
            serializer.save()
        return Response(serializer.data)
#% free ones are looked for once more under the lock
class GuideQuerySet(models.QuerySet):
    def free_for(self, tour):
        return self.exclude(person__crews__tour=tour)
class Guide(models.Model):
    objects = GuideQuerySet.as_manager()
    person = models.OneToOneField(User, related_name="guide", on_delete=models.CASCADE)
class Crew(models.Model):
    tour = models.ForeignKey("Tour", related_name="crew", on_delete=models.CASCADE)
    person = models.ForeignKey(User, related_name="crews", on_delete=models.CASCADE)
class Tour(models.Model):
    name = models.CharField(max_length=9)
class GuideSerializer(serializers.Serializer):
    guide_id = serializers.IntegerField()
    def validate_guide_id(self, value):
        guide = Guide.objects.free_for(self.context["tour"]).filter(person_id=value).first()
        if guide is None:
            raise serializers.ValidationError("not free")
        self._person = guide.person
        return value
    def create(self, validated_data):
        with transaction.atomic():
            tour = Tour.objects.select_for_update().get(pk=self.context["tour"].pk)
            if not Guide.objects.free_for(tour).filter(person=self._person).exists():
                raise serializers.ValidationError("not free any more")
            return Crew.objects.create(tour=tour, person=self._person)
