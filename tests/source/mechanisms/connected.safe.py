#% nobody saves one in a transaction
class Entry(models.Model):
    text = models.TextField()
class NewsConfig(AppConfig):
    def ready(self):
        signals.post_save.connect(on_entry, sender=Entry)
def publish(request):
    Entry.objects.create(text=request.POST["text"])
def on_entry(sender, instance, created, **kwargs):
    tasks.call_hook.delay(instance.pk)
#% it waits for the commit
class Entry(models.Model):
    text = models.TextField()
post_save.connect(lambda **kwargs: None, sender=Entry)
def on_entry(sender, instance, created, **kwargs):
    transaction.on_commit(lambda: tasks.call_hook.delay(instance.pk))
signals.post_save.connect(on_entry, sender=Entry)
def publish(request):
    with transaction.atomic():
        Entry.objects.create(text=request.POST["text"])
#% connected to what is sent before anything is written, of another table
class Entry(models.Model):
    text = models.TextField()
class Note(models.Model):
    text = models.TextField()
def on_note(sender, instance, created, **kwargs):
    tasks.call_hook.delay(instance.pk)
post_save.connect(on_note, sender=Note)
def publish(request):
    with transaction.atomic():
        Entry.objects.create(text=request.POST["text"])
#% the file goes once the transaction has committed
class Upload(models.Model):
    file = models.FileField()
    def delete(self, *args, **kwargs):
        super().delete(*args, **kwargs)
        transaction.on_commit(lambda: self.file.delete(save=False))
#% the file is replaced, its row stays
class Upload(models.Model):
    file = models.FileField()
    def forget(self):
        self.file.delete(save=True)
