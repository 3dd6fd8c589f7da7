#% the state is a row of its own -> close
def close(request, pk):
    ticket = get_object_or_404(Ticket, pk=pk)
    if ticket.status.name == "closed":
        return JsonResponse({}, status=409)
    ticket.status = Status.objects.get(name="closed")
    ticket.save(update_fields=["status"])
    Event.objects.create(ticket=ticket, text="closed")
#% a new row of state each time -> split
@transaction.atomic
def split(case, parts):
    if case.state.kind == "split":
        raise Conflict("split already")
    for part in parts:
        Case.objects.create(parent=case, text=part)
    case.state = State.objects.create(kind="split")
    case.save()
#% the plan's price is tested, the plan replaced -> upgrade
def upgrade(account, plan):
    if account.plan.price >= plan.price:
        raise NoUpgrade()
    billing.charge(account, plan.price - account.plan.price)
    account.plan = plan
    account.save(update_fields=["plan"])
