#% locked and written, and no caller has a transaction -> number_again|renumber
def number_again(ticket_id):
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    ticket.number += 1
    ticket.save()
def renumber(ids):
    for ticket_id in ids:
        number_again(ticket_id)
#% there is no transaction in this arm -> close
def close(desk_id):
    desk = Desk.objects.select_for_update().get(pk=desk_id)
    if not connection.in_atomic_block:
        desk.left = desk.left - 1
        desk.save()
#% asked, and nothing made of the answer -> close
def close(request, desk_id):
    log.info("in a transaction: %s", connection.in_atomic_block)
    desk = Desk.objects.get(pk=desk_id)
    desk.left = desk.left - 1
    desk.save()
#% a row by its key is locked, and one of the same table out of a table of them is written -> move
@transaction.atomic
def move(desk_id, desks):
    desk = Desk.objects.select_for_update().get(pk=desk_id)
    other = known_desks()[desk.next_id]
    left = Desk.objects.get(pk=other.pk)
    left.free = left.free + 1
    left.save()
