#% the row that is missing is made here and saved by a helper -> limits_of
class Limits(models.Model):
    tenant = models.OneToOneField(Tenant, related_name="limits", on_delete=models.CASCADE)
    seats = models.IntegerField(default=0)
def limits_of(tenant):
    try:
        limits = tenant.limits
    except Limits.DoesNotExist:
        limits = Limits(tenant=tenant)
        fill(limits)
    return limits
def fill(limits):
    limits.seats = 3
    limits.save()
#% saved by a method of its own -> enrol
class Seat(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    def confirm(self):
        self.confirmed_at = now()
        self.save()
def enrol(course, person):
    if Seat.objects.filter(course=course, person=person).exists():
        raise Enrolled()
    seat = Seat(course=course, person=person)
    seat.confirm()
#% room is counted here, and a helper saves what is new -> moor
class Boat(models.Model):
    pier = models.ForeignKey(Pier, on_delete=models.CASCADE)
def store(boat):
    boat.full_clean()
    boat.save()
def moor(pier):
    if Boat.objects.filter(pier=pier).count() >= pier.places:
        raise Full()
    store(Boat(pier=pier))
#% begun where there is nothing, then changed in place -> put|put_part
def put(thing_id, items):
    thing = Thing.objects.get(pk=thing_id)
    if not thing.notes:
        thing.notes = {}
    thing.notes.update(items)
    thing.save(update_fields=["notes"])
#% the same, by a method of the row, then one part -> put_part
class Thing(models.Model):
    notes = models.JSONField(null=True)
    def store(self, key, value):
        if self.notes is None:
            self.notes = {}
        self.notes[key] = value
def put_part(thing_id, key, value):
    thing = Thing.objects.get(pk=thing_id)
    thing.store(key, value)
    thing.save(update_fields=["notes"])
