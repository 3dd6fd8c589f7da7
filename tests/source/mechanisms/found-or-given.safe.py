#% under the lock of what both belong to
class Event(models.Model):
    order = models.ForeignKey("Order", on_delete=models.CASCADE)
    code = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)
def known_or(event: Event):
    same = Event.objects.filter(order_id=event.order_id, code=event.code).first()
    if same:
        event = same
    return event
def note(order_id, code):
    event = Event(order_id=order_id, code=code)
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order_id)
        event = known_or(event)
        if not event.pk:
            event.save()
#% given is one that is there
class Event(models.Model):
    order = models.ForeignKey("Order", on_delete=models.CASCADE)
    code = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)
def known_or(event: Event):
    same = Event.objects.filter(code=event.code).first()
    if same:
        event = same
    return event
def open_again(pk):
    event = known_or(Event.objects.get(pk=pk))
    event.is_open = True
    event.save(update_fields=["is_open"])
