# What protects it is asked for, or is asked once more where it counts.
#% locked where there is a transaction, and only there -> remember_place
def remember_place(desk):
    if not transaction.get_connection().in_atomic_block:
        desk.before = None
        return
    desk.before = Desk.objects.select_for_update().filter(pk=desk.pk).values("floor").first()
#% what callers give is the rest of what is unique -> DraftManager.keep
class DraftManager(models.Manager):
    def keep(self, page, **more):
        return super().update_or_create(page=str(page), **more)
class Draft(models.Model):
    page = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    text = models.TextField()
    objects = DraftManager()
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="one_draft")]
#% whether and what is written, says what was asked under the lock -> choose_table
class Guest(models.Model):
    table = models.ForeignKey("Table", null=True, on_delete=models.SET_NULL, related_name="+")
class Table(models.Model):
    guest = models.OneToOneField(Guest, on_delete=models.CASCADE)
    seats = models.IntegerField()
def choose_table(guest, wish):
    if not guest.table_id and not wish:
        return
    with transaction.atomic():
        locked = Guest.objects.select_for_update().get(pk=guest.pk)
        table, created = Table.objects.update_or_create(guest=locked, defaults={"seats": wish.seats})
        guest.table = table
        if created:
            guest.save(update_fields=["table"])
            Note.objects.create(guest=guest, text="chosen")
#% what follows is asked again under a lock before it is made -> begin_round
def state_of(player, board):
    try:
        round = Round.objects.get(player=player, board=board)
        if round.state == "open" and round.too_late:
            round.state = "over"
            round.save()
    except Round.DoesNotExist:
        round = None
    return {"may_begin": round is None or round.state != "open"}
def begin_round(request, pk):
    board = Board.objects.get(pk=pk)
    player = request.user.player
    if not state_of(player, board)["may_begin"]:
        return redirect("board", pk)
    with transaction.atomic():
        Player.objects.select_for_update().get(pk=player.pk)
        if Round.objects.filter(player=player, state="open").exists():
            return redirect("board", pk)
        Round.objects.create(player=player, board=board)
#% what follows can be done once only -> scan
class States(models.TextChoices):
    NEW = "new"
    SCANNED = "scanned"
class Parcel(models.Model):
    state = models.CharField(max_length=10)
    scanned_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    def lose(self):
        if self.lost_at is not None:
            raise ValueError("lost already")
        self.lost_at = timezone.now()
        self.save(update_fields=["lost_at"])
def scan(pk, code):
    parcel = Parcel.objects.get(code=code)
    if parcel.lost_at is not None:
        raise PermissionDenied()
    if Parcel.objects.filter(pk=pk, state=States.NEW).update(state=States.SCANNED) != 1:
        raise PermissionDenied()
    if not scanner.accepts(parcel):
        parcel.lose()
#% noted on the locked row that was asked for it -> accept
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
        if invite.member is not None:
            raise PermissionDenied()
        member = Member(user=request.user, club=club)
        member.save()
        invite.member = member
        invite.save()
#% locked for another method -> ClubView.members
class ClubView(GenericViewSet):
    def get_queryset(self):
        if self.action == "members" and self.request.method == "POST":
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
            seen.delay(club.name)
        else:
            club = self.get_object()
            club.name = request.data["name"]
            club.save()
        return Response(club.name)
