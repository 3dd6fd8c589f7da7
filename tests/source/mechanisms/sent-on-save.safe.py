#% save waits for the commit
class Entry(models.Model):
    def save(self, **kwargs):
        super().save(**kwargs)
        transaction.on_commit(lambda: post_to_chat.delay(self.pk))
def add(request):
    with transaction.atomic():
        Entry.objects.create()
        Log.objects.create(user=request.user)
#% saved outside of a transaction
class Entry(models.Model):
    text = models.TextField()
    def save(self, **kwargs):
        super().save(**kwargs)
        post_to_chat.delay(self.pk)
def add(request):
    Entry.objects.create(text=request.POST["text"])
#% a task that only adds an option
class Slow(Task):
    def apply_async(self, args=None, kwargs=None, **options):
        options.setdefault("queue", "slow")
        return super().apply_async(args, kwargs, **options)
