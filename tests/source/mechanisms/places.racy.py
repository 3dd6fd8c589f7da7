#% places taken are a column that a signal keeps -> book
class Course(models.Model):
    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)


class Booking(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    person = models.ForeignKey(User, on_delete=models.CASCADE)


def book(request, pk):
    course = get_object_or_404(Course, pk=pk)
    if course.taken >= course.capacity:
        return HttpResponse(status=409)
    Booking.objects.create(course=course, person=request.user)
    return HttpResponse(status=201)


@receiver(post_save, sender=Booking)
def count_bookings(sender, instance, created, **kwargs):
    if created:
        Course.objects.filter(pk=instance.course_id).update(taken=F("taken") + 1)
#% asked by a method, or let in by a flag -> Event.admit
class Event(models.Model):
    seats = models.IntegerField()
    occupied = models.IntegerField(default=0)

    def is_full(self):
        return self.occupied >= self.seats

    @transaction.atomic
    def admit(self, guest, force=False):
        if force or not self.is_full():
            Admission.objects.create(event=self, guest=guest)
            return True
        return False


class Admission(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    guest = models.ForeignKey(User, on_delete=models.CASCADE)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        Event.objects.filter(pk=self.event_id).update(occupied=F("occupied") + 1)
#% a quota used up elsewhere -> UploadView.post
class Plan(models.Model):
    quota = models.BigIntegerField()
    used = models.BigIntegerField(default=0)


class Upload(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE)
    size = models.BigIntegerField()


def recount(plan_id):
    used = Upload.objects.filter(plan_id=plan_id).aggregate(s=Sum("size"))["s"]
    Plan.objects.filter(pk=plan_id).update(used=used)


class UploadView(APIView):
    def post(self, request, pk):
        plan = Plan.objects.get(pk=pk)
        size = int(request.data["size"])
        if plan.used + size > plan.quota:
            return Response(status=413)
        upload = Upload(plan=plan, size=size)
        upload.save()
        recount.delay(plan.pk)
        return Response(status=201)
#% among the members by their key, then a row of the table between -> enrol
class Group(models.Model):
    members = models.ManyToManyField(User, through="Enrolment")


class Enrolment(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)


def enrol(request, pk):
    group = Group.objects.get(pk=pk)
    if not group.members.filter(pk=request.user.pk).exists():
        Enrolment.objects.create(group=group, user=request.user)
    return HttpResponse(status=204)
#% the same with more asked for, and a way around it -> Section.register
class Section(models.Model):
    students = models.ManyToManyField(User, through="Registration")

    def register(self, user, kind, fast=False):
        known = self.students.filter(id=user.id, registration__kind=kind)
        if fast or not known.exists():
            row = Registration(section=self, user=user, kind=kind)
            row.save()


class Registration(models.Model):
    section = models.ForeignKey(Section, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
