#% each that has the row locked is in a transaction
def locked_payment(pk):
    return Payment.objects.select_for_update().get(pk=pk)


@transaction.atomic
def capture(request, pk):
    payment = locked_payment(pk)
    payment.state = "captured"
    payment.save(update_fields=["state"])


def refund(request, pk):
    with transaction.atomic():
        payment = locked_payment(pk)
        payment.state = "refunded"
        payment.save(update_fields=["state"])
