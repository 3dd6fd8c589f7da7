# A serializer that says itself how it saves, or that saves more than it was sent. One gap a heading.
#% permission counts, the view's serializer makes one by its own create -> SeatSerializer.create|HasSeat.has_permission|SeatList.perform_create
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
        coach = self.context["coach"]
        return coach.passengers.create(user=self.context["request"].user)
class SeatList(generics.CreateAPIView):
    serializer_class = SeatSerializer
    permission_classes = [IsAuthenticated, HasSeat]
    def perform_create(self, serializer):
        seat = serializer.save()
        seat.coach.close_if_full()
#% the view looks, its serializer's create makes one -> CardView.post|CardSerializer.create
class CardSerializer(serializers.Serializer):
    number = serializers.CharField()
    def create(self, validated_data):
        return Card.objects.create(owner=self.context["owner"], **validated_data)
class CardView(APIView):
    def post(self, request):
        if Card.objects.filter(number=request.data["number"]).exists():
            return Response(status=409)
        serializer = CardSerializer(data=request.data, context={"owner": request.user})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=201)
#% the view reads the row, its serializer's update counts -> MeterView.patch|MeterSerializer.update
class Meter(models.Model):
    total = models.IntegerField(default=0)
class MeterSerializer(serializers.Serializer):
    used = serializers.IntegerField()
    def update(self, instance, validated_data):
        instance.total = instance.total + validated_data["used"]
        instance.save()
        return instance
class MeterView(APIView):
    def patch(self, request, pk):
        meter = get_object_or_404(Meter, pk=pk)
        serializer = MeterSerializer(meter, data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
#% a free row is found in validate_x, kept on the serializer, and taken by create -> GuideSerializer.create|GuideSerializer.validate_guide_id
class GuideQuerySet(models.QuerySet):
    def free_for(self, tour):
        return self.select_related("person").exclude(person__crews__tour=tour)
class Guide(models.Model):
    objects = GuideQuerySet.as_manager()
    person = models.OneToOneField(User, related_name="guide", on_delete=models.CASCADE)
class Crew(models.Model):
    tour = models.ForeignKey("Tour", related_name="crew", on_delete=models.CASCADE)
    person = models.ForeignKey(User, related_name="crews", on_delete=models.CASCADE)
class GuideSerializer(serializers.Serializer):
    guide_id = serializers.IntegerField()
    def validate_guide_id(self, value):
        guide = Guide.objects.free_for(self.context["tour"]).filter(person_id=value).first()
        if guide is None:
            raise serializers.ValidationError("not free")
        self._person = guide.person
        return value
    def create(self, validated_data):
        return Crew.objects.create(tour=self.context["tour"], person=self._person)
#% only some columns are sent, and the serializer saves the whole row -> PlotView.partial_update
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
    def partial_update(self, request, pk=None):
        instance = self.get_object()
        serializer = self.get_serializer(instance, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
#% the same by a call of the serializer's update -> PlotView.update
class Plot(models.Model):
    name = models.CharField(max_length=9)
    crop = models.CharField(max_length=9)
class PlotSerializer(serializers.ModelSerializer):
    class Meta:
        model = Plot
        fields = ["name", "crop"]
class PlotView(viewsets.ModelViewSet):
    queryset = Plot.objects.all()
    serializer_class = PlotSerializer
    def update(self, request, *args, **kwargs):
        plot = self.get_object()
        serializer = PlotSerializer(instance=plot, data=request.data, partial=True)
        if serializer.is_valid():
            serializer.update(instance=plot, validated_data=serializer.validated_data)
            return Response({"message": "saved"})
        raise serializers.ValidationError(detail=serializer.errors)
#% the same in a plain view, where one row belongs to the user -> ProfileView.patch
class Profile(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    bio = models.TextField()
    city = models.CharField(max_length=9)
class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ["bio", "city"]
class ProfileView(APIView):
    def patch(self, request):
        serializer = ProfileSerializer(request.user.profile, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
