# Asked in a class that the framework asks before the view: permissions, throttles, mixins. One gap a heading.
#% has_permission counts, the view makes one more -> PetitionViewSet.perform_create|BelowQuota.has_permission
class BelowQuota(permissions.BasePermission):
    def has_permission(self, request, view):
        return Petition.objects.filter(author=request.user).count() < 3
class PetitionViewSet(viewsets.ModelViewSet):
    permission_classes = [IsAuthenticated, BelowQuota]
    queryset = Petition.objects.all()
    serializer_class = PetitionSerializer
    def perform_create(self, serializer):
        serializer.save(author=self.request.user)
#% has_permission asks whether there is one, the framework inserts -> NotYetRated.has_permission
class Rating(models.Model):
    film = models.ForeignKey("Film", on_delete=models.CASCADE)
    rater = models.ForeignKey(User, on_delete=models.CASCADE)
class RatingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rating
        fields = ["film"]
class NotYetRated(BasePermission):
    message = "only once"
    def has_permission(self, request, view):
        if request.method != "POST":
            return True
        return not Rating.objects.filter(film=request.data["film"], rater=request.user).exists()
class RatingList(generics.ListCreateAPIView):
    permission_classes = (NotYetRated,)
    queryset = Rating.objects.all()
    serializer_class = RatingSerializer
#% has_object_permission tests a state, the action changes it -> TicketViewSet.punch|Unpunched.has_object_permission
class Unpunched(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.punched_at is None
class TicketViewSet(viewsets.GenericViewSet):
    queryset = Ticket.objects.all()
    permission_classes = [Unpunched]
    @action(detail=True, methods=["post"])
    def punch(self, request, pk=None):
        ticket = self.get_object()
        ticket.punched_at = timezone.now()
        ticket.save(update_fields=["punched_at"])
        Ride.objects.create(ticket=ticket, conductor=request.user)
        return Response(status=204)
#% permission given to one action -> ShiftViewSet.join|HasRoom.has_object_permission
class HasRoom(BasePermission):
    def has_object_permission(self, request, view, shift):
        return shift.helpers.count() < shift.places
class ShiftViewSet(viewsets.ModelViewSet):
    queryset = Shift.objects.all()
    @action(detail=True, methods=["POST"], permission_classes=[IsAuthenticated, HasRoom])
    def join(self, request, pk=None):
        shift = self.get_object()
        shift.helpers.create(person=request.user)
        return Response(status=201)
#% permissions by get_permissions -> RaffleView.post|OneEntry.has_permission
class OneEntry(permissions.BasePermission):
    def has_permission(self, request, view):
        if Entry.objects.filter(owner=request.user, raffle_id=view.kwargs["raffle"]).exists():
            return False
        return True
class RaffleView(APIView):
    def get_permissions(self):
        if self.request.method == "POST":
            return [IsAuthenticated(), OneEntry()]
        return [AllowAny()]
    def post(self, request, raffle):
        entry = Entry.objects.create(owner=request.user, raffle_id=raffle)
        return Response({"id": entry.pk}, status=201)
#% the throttle counts rows -> ExportView.post|DailyExports.allow_request
class DailyExports(throttling.BaseThrottle):
    def allow_request(self, request, view):
        made = Export.objects.filter(owner=request.user, day=date.today()).count()
        return made < 5
class ExportView(APIView):
    throttle_classes = [DailyExports]
    def post(self, request):
        Export.objects.create(owner=request.user, day=date.today())
        return Response(status=202)
#% a mixin refuses in dispatch -> OpenStallView.post|StallLimitMixin.dispatch
class StallLimitMixin:
    def dispatch(self, request, *args, **kwargs):
        if Stall.objects.filter(keeper=request.user).count() >= settings.MOST_STALLS:
            messages.error(request, "no more")
            return redirect("stalls")
        return super().dispatch(request, *args, **kwargs)
class OpenStallView(LoginRequiredMixin, StallLimitMixin, View):
    def post(self, request):
        Stall.objects.create(keeper=request.user, title=request.POST["title"])
        return redirect("stalls")
#% initial raises before the handler -> PledgeView.post|OncePerDrive.initial
class OncePerDrive:
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if Pledge.objects.filter(drive_id=kwargs["drive"], donor=request.user).exists():
            raise exceptions.PermissionDenied("pledged already")
class PledgeView(OncePerDrive, APIView):
    def post(self, request, drive):
        Pledge.objects.create(drive_id=drive, donor=request.user, sum=request.data["sum"])
        return Response(status=201)
#% test_func of a mixin of Django's -> ApplyView.form_valid|ApplyView.test_func
class ApplyView(UserPassesTestMixin, CreateView):
    model = Application
    fields = ["letter"]
    def test_func(self):
        return not Application.objects.filter(applicant=self.request.user).exists()
    def form_valid(self, form):
        form.instance.applicant = self.request.user
        return super().form_valid(form)
#% an object permission, then perform_update -> ManuscriptViewSet.perform_update|StillDraft.has_object_permission
class StillDraft(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.stage == "draft"
class ManuscriptViewSet(viewsets.ModelViewSet):
    queryset = Manuscript.objects.all()
    serializer_class = ManuscriptSerializer
    permission_classes = [StillDraft]
    def perform_update(self, serializer):
        manuscript = serializer.save(stage="sent")
        send_mail("sent", manuscript.title, None, ["desk@example.org"])
#% partial_update behind an action, the row is changed by its serializer -> LessonViewSet.enter
class Attendance(models.Model):
    lesson = models.ForeignKey("Lesson", on_delete=models.CASCADE)
    pupil = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        unique_together = [("lesson", "pupil")]
class Lesson(models.Model):
    pupils = models.ManyToManyField(User, through="Attendance")
    chairs = models.IntegerField()
    def has_chair(self):
        return self.pupils.count() < self.chairs
class ChairLeft(permissions.BasePermission):
    def has_object_permission(self, request, view, lesson):
        return lesson.has_chair()
class EnterSerializer(serializers.ModelSerializer):
    class Meta:
        model = Lesson
        fields = []
    def update(self, lesson, validated_data):
        Attendance.objects.get_or_create(lesson=lesson, pupil=self.context["request"].user)
        return lesson
class LessonViewSet(mixins.UpdateModelMixin, viewsets.GenericViewSet):
    queryset = Lesson.objects.all()
    serializer_class = LessonSerializer
    @action(detail=True, methods=["post"], permission_classes=[ChairLeft], serializer_class=EnterSerializer)
    def enter(self, request, pk=None):
        return self.partial_update(request)
