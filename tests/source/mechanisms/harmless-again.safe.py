# Done twice, it is as if it had been done once.
#% a later end, computed from nothing but the time -> extend
def extend(visit):
    if visit.ends_at > timezone.now():
        visit.ends_at = timezone.now() + LENGTH
        visit.save(update_fields=["ends_at"])
#% found as before: it ends later than it was asked for -> enter
def enter(request):
    try:
        visit = Session.objects.filter(key=request.GET["key"], ends_at__gt=timezone.now())[0]
    except IndexError:
        return redirect("home")
    logout(request)
    login(request, visit.user)
    visit.ends_at = timezone.now() + LENGTH
    visit.save(update_fields=["ends_at"])
#% told where none was found, and not where one was -> enter
def enter(request):
    try:
        visit = Session.objects.filter(user=request.user, state="new")[0]
        if visit.place:
            visit.state = "used"
            transaction.on_commit(lambda: visit.save())
    except IndexError:
        send_mail("none left", request.user.name, None, [OFFICE])
#% deleted, unless something points to it -> drop
def drop(tag):
    if not tag.notes.exists():
        with suppress(IntegrityError):
            tag.delete()
#% what was found is asked something; whether there is any, nobody asks -> finish
class Basket(models.Model):
    def last_payment(self):
        paid = [one for one in self.payments.all() if one.is_active]
        return max(paid, default=None, key=attrgetter("pk"))
class Payment(models.Model):
    basket = models.ForeignKey(Basket, related_name="payments", on_delete=models.CASCADE)
    is_active = models.BooleanField()
def finish(pk):
    basket = Basket.objects.get(pk=pk)
    payment = basket.last_payment()
    if payment:
        payment.refresh_from_db()
        if not payment.is_active:
            raise PermissionDenied()
    basket.delete()
#% a task for later -> hold
@transaction.atomic
def hold(request, pk):
    seat = Seat.objects.create(place=pk, holder=request.user)
    release.apply_async((seat.pk,), countdown=HOLD_SECONDS)
#% who looks on is told -> close
def close(board):
    if not board.closed:
        board.closed = True
        board.save(update_fields=["closed"])
        get_channel_layer().group_send(f"board-{board.pk}", {"type": "closed"})
