#% who loses takes the other's
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
    try:
        with transaction.atomic():
            limits.save()
    except IntegrityError:
        pass
#% the helper is given a row that is there
class Seat(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
    def confirm(self):
        self.confirmed_at = now()
        self.save(update_fields=["confirmed_at"])
def enrol(course, pk):
    seat = Seat.objects.get(pk=pk)
    if Seat.objects.filter(course=course).exists():
        seat.confirm()
#% the parent is locked first
class Boat(models.Model):
    pier = models.ForeignKey(Pier, on_delete=models.CASCADE)
def store(boat):
    boat.save()
@transaction.atomic
def moor(pk):
    pier = Pier.objects.select_for_update().get(pk=pk)
    if Boat.objects.filter(pier=pier).count() >= pier.places:
        raise Full()
    store(Boat(pier=pier))
#% made out of sight, moved by the helper
class Step(models.Model):
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE)
    order = models.IntegerField()
    def move(self, order):
        self.order = order
        self.save(update_fields=["order"])
def append(flow, order):
    if Step.objects.filter(flow=flow).count() < order:
        raise TooFar()
    step = Step(flow=flow)
    outside.keep(step)
    step.move(order)
#% begun anew in any case
def put(thing_id, items):
    thing = Thing.objects.get(pk=thing_id)
    thing.notes = {}
    thing.notes.update(items)
    thing.save(update_fields=["notes"])
#% begun anew, one way or another
def put(thing_id, text, full):
    thing = Thing.objects.get(pk=thing_id)
    if full:
        thing.notes = {"full": text}
    elif text:
        thing.notes = {"text": text}
    else:
        thing.notes = {}
    thing.notes["seen"] = True
    thing.save(update_fields=["notes"])
