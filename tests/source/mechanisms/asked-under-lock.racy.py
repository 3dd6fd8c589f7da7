# The same, where nothing is asked again, or another thing.
#% locked, wherever it is called -> keep_place
def keep_place(pk, floor):
    desk = Desk.objects.select_for_update().get(pk=pk)
    with transaction.atomic():
        desk.floor = floor
        desk.save()
#% what is unique needs less than what is looked for, or more than callers can give -> DraftManager.keep
class DraftManager(models.Manager):
    def keep(self, page, kind, **more):
        return super().update_or_create(page=str(page), kind=kind, **more)
class Draft(models.Model):
    page = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    text = models.TextField()
    objects = DraftManager()
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_draft")]
#% another thing is asked under the lock than what decides -> close_order
def close_order(order):
    if order.state != "open":
        return
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if Line.objects.filter(order=locked).exists():
            order.state = "closed"
            order.save(update_fields=["state"])
            Payment.objects.create(order=order)
#% what follows is asked again without a lock -> begin_round
def state_of(player, board):
    round = Round.objects.get(player=player, board=board)
    if round.state != "open":
        return False
    round.state = "over"
    round.save()
    return True
def begin_round(request, pk):
    board = Board.objects.get(pk=pk)
    player = request.user.player
    if not state_of(player, board):
        return redirect("board", pk)
    if Round.objects.filter(player=player, state="next").exists():
        return redirect("board", pk)
    Round.objects.create(player=player, board=board)
#% what follows is done each time -> scan
def scan(request, pk):
    parcel = Parcel.objects.get(pk=pk)
    if parcel.lost_at is not None:
        raise PermissionDenied()
    Parcel.objects.filter(pk=request.POST["other"]).update(weight=F("weight") + parcel.weight)
    parcel.lost_at = timezone.now()
    parcel.save(update_fields=["lost_at"])
#% another row is locked, and nothing of it is asked -> accept
class Member(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    club = models.ForeignKey("Club", on_delete=models.CASCADE)
    class Meta:
        unique_together = [("user", "club")]
class Invite(models.Model):
    code = models.CharField(max_length=20, unique=True)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL)
@login_required
def accept(request, club):
    if Member.objects.filter(user=request.user, club=club).exists():
        return redirect("club")
    with transaction.atomic():
        invite = Invite.objects.select_for_update().get(code=request.POST["code"])
        member = Member(user=request.user, club=club)
        member.save()
        invite.member = member
        invite.save()
#% locked for this method -> ClubView.members
class ClubView(GenericViewSet):
    def get_queryset(self):
        if self.action == "members" and self.request.method in ("POST", "DELETE"):
            clubs = Club.objects.filter(owner=self.request.user).select_for_update()
        else:
            clubs = Club.objects.filter(owner=self.request.user)
        return clubs
    @action(detail=True, methods=["get", "post", "delete"])
    def members(self, request, pk):
        if request.method == "POST":
            with transaction.atomic():
                club = self.get_object()
                club.members.add(request.data["user"])
        elif request.method == "GET":
            club = self.get_object()
        else:
            club = self.get_object()
            club.name = request.data["name"]
            club.save()
        return Response(club.name)
