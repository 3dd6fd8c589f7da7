#% who somebody is, then a row of another table
class IsEditor(permissions.BasePermission):
    def has_permission(self, request, view):
        return Editor.objects.filter(user=request.user).exists()
class NoteViewSet(viewsets.ModelViewSet):
    permission_classes = [IsEditor]
    queryset = Note.objects.all()
    serializer_class = NoteSerializer
    def perform_create(self, serializer):
        serializer.save(author=self.request.user)
#% an owner that nothing changes
class IsOwner(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user
class BoatViewSet(viewsets.GenericViewSet):
    permission_classes = [IsOwner]
    queryset = Boat.objects.all()
    @action(detail=True, methods=["post"])
    def rename(self, request, pk=None):
        boat = self.get_object()
        boat.name = request.data["name"]
        boat.save(update_fields=["name"])
        return Response()
#% asked again under a lock on the parent
class BelowQuota(permissions.BasePermission):
    def has_permission(self, request, view):
        return Petition.objects.filter(author=request.user).count() < 3
class PetitionView(APIView):
    permission_classes = [BelowQuota]
    @transaction.atomic
    def post(self, request):
        author = User.objects.select_for_update().get(pk=request.user.pk)
        if Petition.objects.filter(author=author).count() >= 3:
            return Response(status=403)
        Petition.objects.create(author=author, text=request.data["text"])
        return Response(status=201)
#% the database tests once more
class Unpunched(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.punched_at is None
class TicketViewSet(viewsets.GenericViewSet):
    queryset = Ticket.objects.all()
    permission_classes = [Unpunched]
    @action(detail=True, methods=["post"])
    def punch(self, request, pk=None):
        ticket = self.get_object()
        if not Ticket.objects.filter(pk=ticket.pk, punched_at=None).update(punched_at=timezone.now()):
            return Response(status=409)
        Ride.objects.create(ticket=ticket, conductor=request.user)
        return Response(status=204)
#% whoever has one may make another thing
class HasLicence(BasePermission):
    def has_permission(self, request, view):
        return request.user.licences.filter(valid=True).exists()
class CarView(APIView):
    permission_classes = [HasLicence]
    def post(self, request):
        Car.objects.create(keeper=request.user, plate=request.data["plate"])
        return Response(status=201)
#% a dispatch that only looks up what the address names
class HarbourMixin:
    def dispatch(self, request, *args, **kwargs):
        self.harbour = get_object_or_404(Harbour, slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)
class MoorView(HarbourMixin, View):
    def post(self, request, slug):
        Mooring.objects.create(harbour=self.harbour, boat_id=request.POST["boat"])
        return redirect("harbour", slug)
#% made by get_or_create over a unique set
class Rating(models.Model):
    film = models.ForeignKey("Film", on_delete=models.CASCADE)
    rater = models.ForeignKey(User, on_delete=models.CASCADE)
    class Meta:
        unique_together = [("film", "rater")]
class NotYetRated(BasePermission):
    def has_permission(self, request, view):
        return not Rating.objects.filter(film_id=view.kwargs["film"], rater=request.user).exists()
class RateView(APIView):
    permission_classes = [NotYetRated]
    def post(self, request, film):
        Rating.objects.get_or_create(film_id=film, rater=request.user)
        return Response(status=201)
#% the permission of another action
class HasRoom(BasePermission):
    def has_object_permission(self, request, view, shift):
        return shift.helpers.count() < shift.places
class ShiftViewSet(viewsets.GenericViewSet):
    queryset = Shift.objects.all()
    @action(detail=True, permission_classes=[HasRoom])
    def preview(self, request, pk=None):
        return Response({"title": self.get_object().title})
    @action(detail=True, methods=["post"])
    def invite(self, request, pk=None):
        shift = self.get_object()
        shift.helpers.create(person_id=request.data["person"])
        return Response(status=201)
#% read only
class OneEntry(permissions.BasePermission):
    def has_permission(self, request, view):
        return not Entry.objects.filter(owner=request.user).exists()
class OddsView(APIView):
    permission_classes = [OneEntry]
    def get(self, request):
        return Response({"odds": 3})
#% rows are locked for the action that needs it, and for no other
class DeskViewSet(viewsets.GenericViewSet):
    queryset = Desk.objects.all()
    def get_queryset(self):
        rows = Desk.objects.filter(floor__members=self.request.user)
        if self.action == "take":
            rows = rows.select_for_update()
        return rows
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def take(self, request, pk=None):
        desk = self.get_object()
        if desk.person_id is not None:
            return Response(status=409)
        desk.person = request.user
        desk.save()
        return Response()
    @action(detail=True, methods=["post"])
    def paint(self, request, pk=None):
        desk = self.get_object()
        desk.colour = request.data["colour"]
        desk.save(update_fields=["colour"])
        return Response()
