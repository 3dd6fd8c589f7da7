#% the one that is known, or the one that was given, which is saved then -> note
class Event(models.Model):
    order = models.ForeignKey("Order", on_delete=models.CASCADE)
    code = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)
def known_or(event: Event):
    same = Event.objects.filter(order_id=event.order_id, code=event.code).select_for_update().first()
    if same:
        event = same
    return event
def note(order_id, code):
    event = Event(order_id=order_id, code=code)
    with transaction.atomic():
        event = known_or(event)
        if not event.pk:
            event.save()
