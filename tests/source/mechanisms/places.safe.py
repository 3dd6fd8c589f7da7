#% the course is locked
class Course(models.Model):
    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)


class Booking(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


@transaction.atomic
def book(request, pk):
    course = Course.objects.select_for_update().get(pk=pk)
    if course.taken >= course.capacity:
        return HttpResponse(status=409)
    Booking.objects.create(course=course)
    Course.objects.filter(pk=course.pk).update(taken=F("taken") + 1)
    return HttpResponse(status=201)
#% no column that anybody counts in
class Course(models.Model):
    minimum_age = models.IntegerField()
    maximum_age = models.IntegerField()


class Booking(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


def book(request, pk):
    course = Course.objects.get(pk=pk)
    if int(request.POST["age"]) < course.minimum_age:
        return HttpResponse(status=403)
    Booking.objects.create(course=course)
    return HttpResponse(status=201)


def change(request, pk):
    Course.objects.filter(pk=pk).update(minimum_age=int(request.POST["minimum_age"]))
#% the database counts, and refuses
class Course(models.Model):
    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)


class Booking(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


@transaction.atomic
def book(request, pk):
    course = Course.objects.get(pk=pk)
    if course.taken >= course.capacity:
        return HttpResponse(status=409)
    if not Course.objects.filter(pk=pk, taken__lt=F("capacity")).update(taken=F("taken") + 1):
        return HttpResponse(status=409)
    Booking.objects.create(course=course)
    return HttpResponse(status=201)
#% unique between group and member
class Group(models.Model):
    members = models.ManyToManyField(User, through="Enrolment")


class Enrolment(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)

    class Meta:
        unique_together = ("group", "user")


def enrol(request, pk):
    group = Group.objects.get(pk=pk)
    if not group.members.filter(pk=request.user.pk).exists():
        try:
            Enrolment.objects.create(group=group, user=request.user)
        except IntegrityError:
            pass
    return HttpResponse(status=204)
