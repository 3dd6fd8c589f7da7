#% looked up, then deleted, by what makes a code worthless -> Codes.invalidate_code
class Codes:
    def invalidate_code(self, code, client):
        grant = Grant.objects.get(code=code, client=client)
        grant.delete()
#% that there is none is answered; of two that find one, both have it -> redeem_ticket
def redeem_ticket(ticket):
    try:
        row = Ticket.objects.get(token=ticket)
    except Ticket.DoesNotExist:
        raise ValueError("no such ticket")
    row.delete()
