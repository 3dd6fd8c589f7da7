#% the function that changes it has no transaction: named quietly is the one that opens it -> Desk.move
class Ticket(models.Model):
    state = models.CharField(max_length=10)
class Desk:
    def _move(self, ticket, state):
        if ticket.state == state:
            raise ValueError("is so already")
        ticket.state = state
        ticket.save(update_fields=["state"])
        Note.objects.create(ticket=ticket, state=state)
    def move(self, ticket, state):
        with transaction.atomic():
            self._move(ticket, state)
