# What is left is asked for by its truth, and not by a comparison.
#% no room, no entry -> join
def join(request, course):
    left = course.places - Entry.objects.filter(course=course).count()
    if not left:
        raise Full()
    Entry.objects.create(course=course, user=request.user)
#% never less than nothing -> reserve
def reserve(request, table):
    free = max(table.seats - Seat.objects.filter(table=table).count(), 0)
    if free:
        Seat.objects.create(table=table, guest=request.user)
#% told by a helper -> enter
def room_in(race):
    starters = Starter.objects.filter(race=race).count()
    return race.limit - starters
def enter(request, race):
    if not room_in(race):
        return HttpResponse(status=409)
    Starter.objects.create(race=race, runner=request.user)
    return HttpResponse()
#% two kinds of places, told by a helper -> enter
def places(race):
    first = second = 1
    if race.limit is not None:
        first = race.limit - Starter.objects.filter(race=race, kind="first").count()
    if race.waiting is not None:
        second = race.waiting - Starter.objects.filter(race=race, kind="second").count()
    return max(first, 0), max(second, 0)
def enter(request, race):
    first, second = places(race)
    if first or second:
        Starter.objects.create(race=race, runner=request.user)
#% as many as are asked for, where there is no limit -> enter
def places(race, wanted):
    left = wanted
    if race.limit is not None:
        left = race.limit - Starter.objects.filter(race=race).count()
    return max(left, 0)
def enter(request, race):
    if places(race, 1):
        Starter.objects.create(race=race, runner=request.user)
#% in a serializer -> EntrySerializer.create
class Entry(models.Model):
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
class EntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Entry
        fields = "__all__"
    def create(self, validated_data):
        course = validated_data["course"]
        left = course.places - Entry.objects.filter(course=course).count()
        if left:
            return super().create(validated_data)
        raise Full()
#% in a serializer that has its own way of making rows from another -> EntrySerializer.create
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
        course = validated_data["course"]
        if Entry.objects.filter(course=course).count() >= course.places:
            raise Full()
        return super().create(validated_data)
#% missed: by a mixin that stands before -> EntrySerializer.create
class Entry(models.Model):
    course = models.ForeignKey("Course", on_delete=models.CASCADE)
class Signed:
    def create(self, validated_data):
        entry = super().create(validated_data)
        logger.info("made %s", entry.pk)
        return entry
class EntrySerializer(Signed, serializers.ModelSerializer):
    class Meta:
        model = Entry
        fields = "__all__"
    def create(self, validated_data):
        left = validated_data["course"].places - Entry.objects.filter(course=validated_data["course"]).count()
        if not left:
            raise Full()
        return super().create(validated_data)
