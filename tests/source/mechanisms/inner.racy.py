#% the row is made and the task started by a helper, in the caller's transaction -> file_report
def file_report(owner, pages):
    report = Report.objects.create(owner=owner, pages=pages)
    render_report.delay(report.pk)
    return report
@transaction.atomic
def submit(request):
    order = Order.objects.select_for_update().get(pk=request.POST["order"])
    order.state = "reported"
    order.save(update_fields=["state"])
    file_report(request.user, order.pages)
#% its own block has ended, the caller's has not -> seat_guests
def seat_guests(table, names):
    with transaction.atomic():
        guests = [Guest.objects.create(table=table, name=name) for name in names]
    for guest in guests:
        print_badge.delay(guest.uuid)
    return guests
class Host:
    def welcome(self, table, names):
        with transaction.atomic():
            table.seated = True
            table.save(update_fields=["seated"])
            return seat_guests(table, names)
#% two calls below -> Parcel.ship
class Parcel(models.Model):
    state = models.CharField(max_length=9)
    def ship(self):
        self.state = "shipped"
        self.save(update_fields=["state"])
        track.apply_async(args=[self.pk])
def ship_all(parcels):
    for parcel in parcels:
        parcel.ship()
@transaction.atomic
def close_day(day):
    day.closed = True
    day.save(update_fields=["closed"])
    ship_all(list(day.parcels.all()))
#% found or made by the helper -> attach
def attach(step, upload):
    attachment, created = Attachment.objects.get_or_create(step=step, name=upload.name)
    if created:
        shrink.delay(attachment.id, 800)
    return attachment
class StepView(APIView):
    @transaction.atomic
    def put(self, request, pk):
        step = Step.objects.create(form_id=pk)
        attach(step, request.FILES["file"])
        return Response({})
