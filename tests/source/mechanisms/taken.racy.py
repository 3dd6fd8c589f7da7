#% looked for as free, and taken -> sit
def sit(request, pk):
    seat = get_object_or_404(Seat, pk=pk, holder=None)
    seat.holder = request.user
    seat.save(update_fields=["holder"])
    return JsonResponse({"seat": seat.pk})
#% the form that comes first is noted -> note_form
@transaction.atomic
def note_form(person, form, slugs):
    tasks = {one.slug: one for one in Assigned.objects.filter(person=person, form_id=None, state="open", slug__in=slugs)}
    done = []
    for slug in slugs:
        task = tasks.get(slug)
        if not task:
            continue
        task.form_id = form.id
        task.state = "done"
        done.append(task)
    Assigned.objects.bulk_update(done, ["form_id", "state"])
#% an open order gets a driver -> assign
def assign(order_id, driver):
    order = Order.objects.get(id=order_id, state=Order.OPEN, driver__isnull=True)
    order.driver = driver
    order.save()
#% the principal is who was handed in -> adopt
def adopt(pet, family):
    animal = Animal.objects.filter(pk=pet, family__isnull=True).first()
    if animal is None:
        raise Gone()
    animal.family = family
    animal.save()
