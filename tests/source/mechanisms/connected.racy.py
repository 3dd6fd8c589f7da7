#% connected in ready(), rows are saved in a transaction -> on_entry
class Entry(models.Model):
    text = models.TextField()
class NewsConfig(AppConfig):
    def ready(self):
        signals.post_save.connect(handlers.on_entry, sender=apps.get_model("news", "Entry"), dispatch_uid="news")
@transaction.atomic
def publish(request):
    Entry.objects.create(text=request.POST["text"])
def on_entry(sender, instance, created, **kwargs):
    for hook in hooks_of(instance):
        args = [hook, instance.pk]
        tasks.call_hook.delay(*args)
#% connected in the module, sent by a helper of two -> push
class Member(models.Model):
    name = models.TextField()
def push(member, kind):
    push_to_timeline.delay(member.pk, kind)
def on_member(sender, instance, **kwargs):
    push(instance, "saved")
def on_member_deleted(sender, instance, **kwargs):
    push(instance, "deleted")
post_save.connect(on_member, sender=Member)
pre_delete.connect(on_member_deleted, sender=Member)
def join(request):
    with transaction.atomic():
        Member.objects.create(name=request.POST["name"])
#% a signal of the project's own -> close
order_closed = Signal()
class Order(models.Model):
    closed = models.BooleanField(default=False)
def mail_closed(sender, order, **kwargs):
    mail_order.delay(order.pk)
order_closed.connect(mail_closed)
def close(request):
    with transaction.atomic():
        order = Order.objects.create(closed=True)
        order_closed.send(sender=Order, order=order)
#% the file goes before the row's deletion is committed -> Upload.delete
class Upload(models.Model):
    file = models.FileField()
    def delete(self, *args, **kwargs):
        super().delete(*args, **kwargs)
        self.file.delete(save=False)
#% a receiver deletes it, in the transaction of delete() -> remove_file
class Upload(models.Model):
    file = models.FileField()
@receiver(post_delete, sender=Upload)
def remove_file(sender, instance, **kwargs):
    instance.file.delete(save=False)
