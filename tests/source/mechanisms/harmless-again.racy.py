# Looks alike, and is one time too many.
#% a later end, computed from the one that was -> extend
def extend(visit):
    if visit.ends_at > timezone.now():
        visit.ends_at = visit.ends_at + LENGTH
        visit.save(update_fields=["ends_at"])
#% due, and moved on -> run_due
def run_due():
    job = Job.objects.filter(due__lte=timezone.now())[0]
    job.due = timezone.now() + STEP
    job.save(update_fields=["due"])
    send_mail("run", job.name, None, [job.owner])
#% done where one was found -> enter
def enter(request):
    try:
        ticket = Ticket.objects.filter(user=request.user, state="new")[0]
        ticket.state = "used"
        ticket.save()
        Entry.objects.create(ticket=ticket)
    except IndexError:
        return redirect("home")
#% deleted, whatever has come to point to it -> drop
def drop(tag):
    if not tag.notes.exists():
        with suppress(Tag.DoesNotExist):
            tag.delete()
#% whether there is any, is asked -> finish
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
    if not payment:
        basket.delete()
#% a task for now -> hold
@transaction.atomic
def hold(request, pk):
    seat = Seat.objects.create(place=pk, holder=request.user)
    release.apply_async((seat.pk,), countdown=2)
#% who plays is told by mail -> close
def close(board):
    if not board.closed:
        board.closed = True
        board.save(update_fields=["closed"])
        send_mail("closed", board.name, None, [board.owner.email])
