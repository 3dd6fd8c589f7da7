# The same, where something protects it.
#% the first number is a constant, and the parent is locked
@transaction.atomic
def open_ledger(pk):
    book = Book.objects.select_for_update().get(pk=pk)
    highest = book.ledgers.aggregate(Max("number"))["number__max"]
    if highest:
        number = int(highest) + 1
    else:
        number = settings.FIRST_LEDGER
    book.ledgers.create(number=number)
#% both are constants
def open_ledger(day):
    if day.is_first:
        number = settings.FIRST_LEDGER
    else:
        number = settings.OTHER_LEDGER
    Ledger.objects.create(day=day, number=number)
#% one of two functions out of sight is called
def notify(user, text):
    if user.is_quiet:
        send = quiet.write
    else:
        send = loud.write
    send(user, text)
#% the locked rows are read, then counted
@transaction.atomic
def bundle(day):
    parcels = Parcel.objects.filter(sent=day, bundle=None).select_for_update()
    if len(parcels) > 0 and parcels.count() > 0:
        parcels.update(bundle=Bundle.objects.create(day=day))
#% the locked rows are counted, then walked through
@transaction.atomic
def bundle(day):
    parcels = Parcel.objects.filter(sent=day).select_for_update()
    logger.info("%s parcels", parcels.count())
    for parcel in parcels:
        parcel.weight = parcel.weight + 1
        parcel.save(update_fields=["weight"])
#% a helper saves all columns of a row that its caller has locked
class Station(models.Model):
    name = models.CharField(max_length=40)
    rain = models.IntegerField(default=0)
def rename(request, pk):
    Station.objects.filter(pk=pk).update(name=request.POST["name"])
def note_rain(station, amount):
    station.rain = amount
    station.save()
@transaction.atomic
def load(request, pk):
    note_rain(Station.objects.select_for_update().get(pk=pk), request.data["amount"])
#% a helper saves a row that its caller has made
class Station(models.Model):
    name = models.CharField(max_length=40)
    rain = models.IntegerField(default=0)
def rename(request, pk):
    Station.objects.filter(pk=pk).update(name=request.POST["name"])
def note_rain(station, amount):
    station.rain = amount
    station.save()
def load(request):
    note_rain(Station.objects.create(name=request.data["name"]), request.data["amount"])
#% the rows are locked where they are looked for, two calls down
def book_paid(order, register):
    payments = order.payments.filter(state=State.done).select_for_update()
    if not payments:
        return
    register[order.kind].tell_paid(order)
    payments.update(state=State.booked)
class Webhook(APIView):
    def handle(self, request):
        payment = gateway.read(request)
        if payment:
            with transaction.atomic():
                book_paid(payment.order, backends)
        return Response()
    def post(self, request):
        return self.handle(request)
#% claimed by the value it was found by, then set once more
class Worker:
    def deliver(self, reminder):
        post_office.print_letter(reminder)
        return reminder.text
    def one(self):
        reminder = Reminder.objects.filter(due__lt=now()).first()
        if reminder is None:
            return False
        mine = Reminder.objects.filter(id=reminder.id, due=reminder.due)
        if mine.update(due=now() + reminder.pause) != 1:
            return True
        if self.deliver(reminder):
            self.out.write(reminder.text)
        else:
            reminder.due = None
            reminder.save(update_fields=["due"])
        return True
#% a row that is being made counts its own first version
class Shelf(models.Model):
    name = models.CharField(max_length=40)
    following = models.IntegerField(default=0)
    def first(self):
        self.following += 1
        self.save()
    def save(self, *args, **kwargs):
        with transaction.atomic():
            adding = self._state.adding
            super().save(*args, **kwargs)
            if adding:
                self.first()
