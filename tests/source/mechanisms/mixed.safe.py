#% a relation is asked, and somebody is taken out of it
def leave(request, pk):
    club = Club.objects.get(pk=pk)
    club.members.remove(request.user)
    club.save(update_fields=["left_at"])
#% the flag is moved under the customer's lock
@transaction.atomic
def set_default(address):
    Customer.objects.select_for_update().get(pk=address.customer_id)
    Address.objects.filter(customer=address.customer, is_default=True).update(is_default=False)
    address.is_default = True
    address.save()
#% the flag is moved in one statement
def set_default(address):
    Address.objects.filter(customer=address.customer).update(
        is_default=Case(When(pk=address.pk, then=True), default=False)
    )
#% counted for a list, and nothing is made
def trips(request):
    found = Trip.objects.annotate(booked=Count("bookings"))
    return JsonResponse({"free": [one.pk for one in found if one.booked < one.seats]})
#% counted under a lock on the trip
@transaction.atomic
def book(request, pk):
    Trip.objects.select_for_update().get(pk=pk)
    trip = Trip.objects.annotate(booked=Count("bookings")).get(pk=pk)
    if trip.booked >= trip.seats:
        return JsonResponse({"error": "full"}, status=409)
    Booking.objects.create(trip=trip, user=request.user)
#% saved with who asks, whatever there is
class AddressViewSet(viewsets.ModelViewSet):
    queryset = Address.objects.all()
    def perform_create(self, serializer):
        serializer.save(user=self.request.user, is_default=False)
#% one event once, by the constraint
class ProcessedEvent(models.Model):
    event_id = models.CharField(max_length=64, unique=True)
def webhook(request):
    event = parse(request.body)
    _, fresh = ProcessedEvent.objects.get_or_create(event_id=event["id"])
    if fresh:
        handle_event(event)
    return HttpResponse()
#% replaced under the user's lock
@transaction.atomic
def rotate_key(pk):
    user = User.objects.select_for_update().get(pk=pk)
    ApiKey.objects.filter(user=user).delete()
    return ApiKey.objects.create(user=user, key=secrets.token_hex(20))
#% expired ones are swept, and one of another kind is made
def issue(user):
    ApiKey.objects.filter(expires__lt=timezone.now()).delete()
    return ApiKey.objects.create(user=user, key=secrets.token_hex(20))
#% an error about the form's own fields
class SpanForm(forms.ModelForm):
    class Meta:
        model = Span
        fields = ["start", "end"]
    def clean(self):
        data = super().clean()
        if data["start"] > data["end"]:
            self.add_error("start", "backwards")
        return data
#% counted in the cache by the cache
def throttle_login(request):
    key = "login:%s" % request.META["REMOTE_ADDR"]
    cache.add(key, 0, 300)
    if cache.incr(key) > 5:
        raise PermissionDenied()
#% kept in the cache what was computed
def report(day):
    found = cache.get("report-%s" % day)
    if found is None:
        found = Sale.objects.filter(day=day).count()
        cache.set("report-%s" % day, found)
    return found
#% two accounts of a dictionary, each under its lock
@transaction.atomic
def transfer(a, b, amount):
    accounts = {one.pk: one for one in Account.objects.select_for_update().filter(pk__in=[a, b]).order_by("pk")}
    if accounts[a].balance < amount:
        raise NotEnough()
    accounts[a].balance -= amount
    accounts[b].balance += amount
    accounts[a].save()
    accounts[b].save()
#% a function that is handed back does it in one statement
def make_handler(counter_id):
    def handle(event):
        EventCounter.objects.filter(pk=counter_id).update(total=F("total") + event.weight)
    return handle
