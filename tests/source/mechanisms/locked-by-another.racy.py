#% the lock is taken by a function that others call in a transaction, and this one does not -> refund
def locked_payment(pk):
    return Payment.objects.select_for_update().get(pk=pk)


@transaction.atomic
def capture(request, pk):
    payment = locked_payment(pk)
    payment.state = "captured"
    payment.save(update_fields=["state"])


def refund(request, pk):
    payment = locked_payment(pk)
    payment.state = "refunded"
    payment.save(update_fields=["state"])
