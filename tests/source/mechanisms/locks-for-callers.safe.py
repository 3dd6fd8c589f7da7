#% of two callers one is in a transaction: it is meant for those
def number_again(ticket_id):
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    ticket.number += 1
    ticket.save()
def renumber(ids):
    with transaction.atomic():
        for ticket_id in ids:
            number_again(ticket_id)
def renumber_one(ticket_id):
    number_again(ticket_id)
#% locked for those who call
def locked(ticket_id):
    return Ticket.objects.select_for_update().filter(pk=ticket_id).first()
def described(ticket_id):
    ticket = locked(ticket_id)
    return ticket.text
#% nothing is asked of who has no transaction
def remember(ticket):
    if not transaction.get_connection(using).in_atomic_block:
        return
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    ticket.seen = ticket.seen + 1
    ticket.save()
#% locked where there is a transaction
def remember(ticket):
    if connection.in_atomic_block:
        ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
        ticket.seen = ticket.seen + 1
        ticket.save()
#% it has to be called in one
def remember(ticket):
    assert connection.in_atomic_block
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    ticket.seen = ticket.seen + 1
    ticket.save()
#% locked rows, put away by what they are for, and written from there
@transaction.atomic
def give_back(lines):
    by_line = defaultdict(list)
    for share in Share.objects.select_for_update().filter(line__in=lines):
        by_line[share.line_id].append(share)
    changed = []
    for line in lines:
        for share in by_line[line.pk]:
            share.amount = share.amount - line.amount
            changed.append(share)
    Share.objects.bulk_update(changed, ["amount"])
#% given a key that nobody has, and then deleted: the second does the same
def forget(desk_key):
    desk = Desk.objects.get(key=desk_key)
    Desk.objects.filter(pk=desk.pk).update(key=uuid4())
    Desk.objects.filter(pk=desk.pk).delete()
