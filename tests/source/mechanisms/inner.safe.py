#% the helper waits for the caller's commit
def file_report(owner, pages):
    report = Report.objects.create(owner=owner, pages=pages)
    transaction.on_commit(lambda: render_report.delay(report.pk))
    return report
@transaction.atomic
def submit(request):
    Order.objects.create(user=request.user)
    file_report(request.user, 3)
#% no caller has a transaction
def seat_guests(table, names):
    with transaction.atomic():
        guests = [Guest.objects.create(table=table, name=name) for name in names]
    for guest in guests:
        print_badge.delay(guest.uuid)
    return guests
def welcome(table, names):
    return seat_guests(table, names)
#% the caller's transaction has ended
class Parcel(models.Model):
    state = models.CharField(max_length=9)
    def ship(self):
        self.state = "shipped"
        self.save(update_fields=["state"])
        track.apply_async(args=[self.pk])
def close_day(day, parcel):
    with transaction.atomic():
        day.closed = True
        day.save(update_fields=["closed"])
    parcel.ship()
#% what is sent is bound first and sent after the commit
def attach(step, upload):
    attachment = Attachment.objects.create(step=step, name=upload.name)
    transaction.on_commit(functools.partial(shrink.delay, attachment.id, 800))
    return attachment
class StepView(APIView):
    @transaction.atomic
    def put(self, request, pk):
        step = Step.objects.create(form_id=pk)
        attach(step, request.FILES["file"])
        return Response({})
