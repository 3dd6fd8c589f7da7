#% the hall is locked before
@transaction.atomic
def seat(guest, hall_id):
    hall = Hall.objects.select_for_update().get(pk=hall_id)
    table = Table.objects.filter(hall=hall).annotate(guests=Count("seating")).filter(guests__lt=8).first()
    if table is None:
        raise Full
    Seating.objects.create(table=table, guest=guest)
#% looked for by how many it has, and none is made
def emptiest():
    return Table.objects.annotate(guests=Count("seating")).filter(guests__lt=8).first()
#% more than so many are asked for
def praise(user):
    table = Table.objects.annotate(guests=Count("seating")).filter(guests__gt=8).first()
    Praise.objects.create(table=table, user=user)
