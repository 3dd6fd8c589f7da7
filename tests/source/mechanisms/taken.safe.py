#% taken by a condition
def sit(request, pk):
    if not Seat.objects.filter(pk=pk, holder=None).update(holder=request.user):
        return JsonResponse({}, status=409)
    return JsonResponse({})
#% taken under a lock
@transaction.atomic
def sit(request, pk):
    seat = get_object_or_404(Seat.objects.select_for_update(), pk=pk, holder=None)
    seat.holder = request.user
    seat.save(update_fields=["holder"])
    return JsonResponse({"seat": seat.pk})
#% another column is set
def describe(request, pk):
    seat = get_object_or_404(Seat, pk=pk, holder=None)
    seat.note = request.POST["note"]
    seat.save(update_fields=["note"])
    return JsonResponse({})
#% one's own, under a new name
def rename(request, name):
    box = Box.objects.get(owner=request.user, name=name)
    box.name = request.POST["name"]
    box.save(update_fields=["name"])
    return JsonResponse({})
#% put back into the state that it had
def reopen(case_id):
    case = Case.objects.get(pk=case_id, state="closed")
    case.state = "open"
    case.save(update_fields=["state"])
