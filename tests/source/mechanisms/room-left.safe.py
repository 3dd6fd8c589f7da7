# The same, where something protects it or nothing is made of what was counted.
#% the course is locked first
@transaction.atomic
def join(request, pk):
    course = Course.objects.select_for_update().get(pk=pk)
    left = course.places - Entry.objects.filter(course=course).count()
    if not left:
        raise Full()
    Entry.objects.create(course=course, user=request.user)
#% the helper asks under the caller's lock
def room_in(race):
    return race.limit - Starter.objects.filter(race=race).count()
@transaction.atomic
def enter(request, pk):
    race = Race.objects.select_for_update().get(pk=pk)
    if not room_in(race):
        return HttpResponse(status=409)
    Starter.objects.create(race=race, runner=request.user)
#% only shown
def show(request, course):
    left = course.places - Entry.objects.filter(course=course).count()
    return render(request, "course.html", {"is_full": not left})
#% what is counted is another table, and what is made a note
def note(request, course):
    left = course.places - Entry.objects.filter(course=course).count()
    if left:
        Notice.objects.create(user=request.user, text="there is room")
#% locked by the serializer
class Entry(models.Model):
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Entry
        fields = "__all__"
    @transaction.atomic
    def create(self, validated_data):
        course = Course.objects.select_for_update().get(pk=validated_data["course"].pk)
        left = course.places - Entry.objects.filter(course=course).count()
        if left:
            return super().create(validated_data)
        raise Full()
#% a serializer with its own way of making rows, and another table is counted
class Entry(models.Model):
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
class Stamped(serializers.ModelSerializer):
    def create(self, validated_data):
        validated_data["made_by"] = self.context["request"].user
        return super().create(validated_data)
class EntrySerializer(Stamped):
    class Meta:
        model = Entry
        fields = "__all__"
    def create(self, validated_data):
        if Warning.objects.filter(user=self.context["request"].user).count() >= 3:
            raise Barred()
        return super().create(validated_data)
#% the same under a lock on the course
class Entry(models.Model):
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
class Stamped(serializers.ModelSerializer):
    def create(self, validated_data):
        validated_data["made_by"] = self.context["request"].user
        return super().create(validated_data)
class EntrySerializer(Stamped):
    class Meta:
        model = Entry
        fields = "__all__"
    @transaction.atomic
    def create(self, validated_data):
        course = Course.objects.select_for_update().get(pk=validated_data["course"].pk)
        if Entry.objects.filter(course=course).count() >= course.places:
            raise Full()
        return super().create(validated_data)
