#% tested under the lock
@transaction.atomic
def close(request, pk):
    ticket = Ticket.objects.select_for_update().get(pk=pk)
    if ticket.status.name == "closed":
        return JsonResponse({}, status=409)
    ticket.status = Status.objects.get(name="closed")
    ticket.save(update_fields=["status"])
    Event.objects.create(ticket=ticket, text="closed")
#% set once more to the same
def close(ticket):
    if ticket.status.name != "closed":
        ticket.status = Status.objects.get(name="closed")
        ticket.save(update_fields=["status"])
#% the owner is asked, another relation is set
def move(request, pk):
    box = get_object_or_404(Box, pk=pk)
    if box.owner.is_locked:
        return JsonResponse({}, status=403)
    box.room = Room.objects.get(pk=request.POST["room"])
    box.save(update_fields=["room"])
    notify.delay(box.pk)
#% a file is no row
class Export(models.Model):
    result = models.FileField()
def write(pk, lines):
    export = Export.objects.get(pk=pk)
    if not os.path.isdir(export.result.storage.location):
        return
    send_mail("export", "", None, [])
    export.result = make_name()
    export.save(update_fields=["result"])
