#% a group with room, looked for by its count -> enrol
def enrol(request):
    group = Group.objects.annotate(n=Count("members")).filter(n__lt=F("size")).first()
    Membership.objects.create(group=group, user=request.user)
#% by its key -> assign
def assign(ticket):
    agent = Agent.objects.annotate(load=Count("tickets")).filter(load__lt=5).order_by("load").first()
    Assignment.objects.create(agent_id=agent.pk, ticket=ticket)
#% those that are full left out -> seat
@transaction.atomic
def seat(guest):
    table = Table.objects.annotate(guests=Count("seating")).exclude(guests__gte=8).first()
    if table is None:
        raise Full
    seating = Seating(table=table, guest=guest)
    seating.save()
