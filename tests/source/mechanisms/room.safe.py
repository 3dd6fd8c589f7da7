#% counted under the lock of the course
@transaction.atomic
def sign_up(request, pk):
    course = Course.objects.select_for_update().get(pk=pk)
    taken = Booking.objects.filter(course=course).count()
    if taken >= course.places:
        state = "waiting"
    else:
        state = "booked"
    Booking.objects.create(course=course, user=request.user, state=state)
#% another table is counted
def open_case(customer, text):
    urgent = Complaint.objects.filter(customer=customer).count() > 3
    Case.objects.create(customer=customer, text=text, priority="high" if urgent else "low")
#% a size that is only noted
def note(course):
    Snapshot.objects.create(course=course, bookings=Booking.objects.filter(course=course).count())
#% the first one is the default
def add_address(user, text):
    Address.objects.create(user=user, text=text, primary=len(text) > 3)
#% a limit on what was sent
def upload(user, files):
    state = "bulk" if len(files) > 10 else "single"
    Upload.objects.create(user=user, state=state)
