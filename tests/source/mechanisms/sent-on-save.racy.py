# What leaves with a row that is saved, in the transaction of whoever saves it. One gap a heading.
#% saved by super, task sent by save itself -> Entry.save
class Entry(models.Model):
    kind = models.CharField(max_length=9)
    flagged = models.BooleanField(default=False)
    def save(self, **kwargs):
        super().save(**kwargs)
        if self.flagged:
            post_to_chat.delay(self.pk)
def add(request):
    with transaction.atomic():
        Entry.objects.create(kind="new", flagged=True)
        Log.objects.create(user=request.user)
#% overridden apply_async keeps a row of the task -> KeptTask.apply_async
class KeptTask(Task):
    def apply_async(self, args=None, kwargs=None, **options):
        task_id = options.setdefault("task_id", str(uuid4()))
        Job.objects.create(id=task_id, name=self.name, state="waiting")
        return super().apply_async(args, kwargs, **options)
#% a receiver of post_save sends, a service saves in its transaction -> announce|close_auction
class Auction(models.Model):
    state = models.CharField(max_length=9)
@receiver(post_save, sender=Auction)
def announce(sender, instance, created, **kwargs):
    if instance.state == "closed":
        tell_bidders.delay(instance.pk)
@transaction.atomic
def close_auction(pk):
    auction = Auction.objects.select_for_update().get(pk=pk)
    auction.state = "closed"
    auction.save(update_fields=["state"])
    Sale.objects.create(auction=auction)
#% save calls a helper of its own that sends -> Claim.save|register
class Claim(models.Model):
    text = models.TextField()
    def notify_desk(self):
        send_mail("new claim", self.text, None, ["desk@example.org"])
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.notify_desk()
def register(request):
    with transaction.atomic():
        claim = Claim(text=request.POST["text"])
        claim.save()
        History.objects.create(claim=claim)
#% a task's delay is overridden, and marks the row first -> Tracked.delay
class Tracked(Task):
    def delay(self, run_id):
        run = TaskRun.objects.get(pk=run_id)
        run.state = "queued"
        run.save(update_fields=["state"])
        return super().delay(run_id)
