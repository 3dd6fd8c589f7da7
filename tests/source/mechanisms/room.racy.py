#% who comes when it is full waits -> sign_up
def sign_up(request, pk):
    course = get_object_or_404(Course, pk=pk)
    taken = Booking.objects.filter(course=course).count()
    if taken >= course.places:
        state = "waiting"
    else:
        state = "booked"
    Booking.objects.create(course=course, user=request.user, state=state)
#% the same in one expression -> sign_up
def sign_up(course, user):
    return Booking.objects.create(
        course=course,
        user=user,
        state="waiting" if Booking.objects.filter(course=course).count() >= course.places else "booked",
    )
#% the new row is marked when there are too many -> record
@transaction.atomic
def record(worker, form):
    counts = Visit.objects.filter(worker=worker).aggregate(today=Count("pk", filter=Q(day=form.day)), total=Count("pk"))
    visit = Visit(worker=worker, day=form.day)
    if counts["today"] >= worker.daily_limit or counts["total"] >= worker.limit:
        visit.state = Visit.OVER_LIMIT
    visit.save()
#% free for the first hundred -> order
def order(user, plan):
    order = Order(user=user, plan=plan, price=plan.price)
    if Order.objects.filter(plan=plan).count() < 100:
        order.price = 0
    order.save()
#% counted by a method of the row -> join
class Club(models.Model):
    size = models.IntegerField()
    def is_full(self):
        return Membership.objects.filter(club=self).count() >= self.size
class Membership(models.Model):
    club = models.ForeignKey(Club, on_delete=models.CASCADE)
    user = models.CharField(max_length=10)
    waiting = models.BooleanField(default=False)
def join(club, user):
    Membership.objects.create(club=club, user=user, waiting=club.is_full())
