# Told by a receiver through a helper, before the transaction that sent the signal commits.
#% a helper starts the task, the admin saves -> index_new
class Song(models.Model):
    title = models.CharField(max_length=40)
admin.site.register(Song)
def index_song(song):
    try:
        tasks.index.delay(song.id)
    except Exception:
        logger.exception("not indexed")
@receiver(post_save, sender=Song)
def index_new(sender, instance, created, **kwargs):
    if created:
        index_song(instance)
#% two helpers down -> tell_gone
def enqueue(kind, pk):
    worker.enqueue(kind, pk)
def tell(song):
    enqueue("gone", song.pk)
@receiver(post_delete, sender=Song)
def tell_gone(sender, instance, **kwargs):
    tell(instance)
#% a method of the row -> recount
class Band(models.Model):
    name = models.CharField(max_length=40)
    def recount_later(self):
        recount_band.apply_async(args=[self.pk])
@receiver(m2m_changed, sender=Band.members.through)
def recount(sender, instance, action, **kwargs):
    Band.recount_later(instance)
