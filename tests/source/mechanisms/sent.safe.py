#% sent when it has been committed
order_closed = Signal()
@receiver(order_closed)
def write_invoice(sender, order, **kwargs):
    tasks.invoice.delay(order.pk)
@transaction.atomic
def close(order):
    order.state = "closed"
    order.save()
    transaction.on_commit(lambda: order_closed.send(sender=Order, order=order))
#% the receiver waits for the commit
order_closed = Signal()
@receiver(order_closed)
def write_invoice(sender, order, **kwargs):
    transaction.on_commit(lambda: tasks.invoice.delay(order.pk))
@transaction.atomic
def close(order):
    order.state = "closed"
    order.save()
    order_closed.send(sender=Order, order=order)
#% sent after the transaction
order_closed = Signal()
@receiver(order_closed)
def write_invoice(sender, order, **kwargs):
    tasks.invoice.delay(order.pk)
def close(order):
    with transaction.atomic():
        order.state = "closed"
        order.save()
    order_closed.send(sender=Order, order=order)
#% a signal about mail is no mail
mail_changed = Signal()
@transaction.atomic
def change(user, address):
    user.address = address
    user.save(update_fields=["address"])
    mail_changed.send(sender=User, user=user)
#% another signal starts the task
order_closed = Signal()
order_opened = Signal()
@receiver(order_opened)
def write_invoice(sender, order, **kwargs):
    tasks.invoice.delay(order.pk)
@transaction.atomic
def close(order):
    order.state = "closed"
    order.save()
    order_closed.send(sender=Order, order=order)
#% a function that only sends, which waits for the commit
def queue_import(batch_id):
    transaction.on_commit(lambda: run_import.apply_async(args=[batch_id]))
def make_batch(data):
    batch = Batch.objects.create(text=data)
    queue_import(batch.id)
def upload(request):
    with transaction.atomic():
        make_batch(request.POST["text"])
#% a function that only sends, called in no transaction
def queue_import(batch_id):
    run_import.apply_async(args=[batch_id])
def upload(request):
    batch = Batch.objects.create(text=request.POST["text"])
    queue_import(batch.id)
