# The same, after the commit, or of nobody who has a transaction.
#% the helper is called after the commit
class Song(models.Model):
    title = models.CharField(max_length=40)
admin.site.register(Song)
def index_song(song):
    tasks.index.delay(song.id)
@receiver(post_save, sender=Song)
def index_new(sender, instance, created, **kwargs):
    if created:
        transaction.on_commit(lambda: index_song(instance))
#% the helper waits for the commit itself
class Song(models.Model):
    title = models.CharField(max_length=40)
admin.site.register(Song)
def index_song(song):
    transaction.on_commit(partial(tasks.index.delay, song.id))
@receiver(post_save, sender=Song)
def index_new(sender, instance, created, **kwargs):
    index_song(instance)
#% nobody saves it in a transaction
class Song(models.Model):
    title = models.CharField(max_length=40)
def index_song(song):
    tasks.index.delay(song.id)
@receiver(post_save, sender=Song)
def index_new(sender, instance, created, **kwargs):
    index_song(instance)
#% the helper is told nothing of the row
def warm_up():
    tasks.warm.delay()
@receiver(post_delete, sender=Song)
def forget(sender, instance, **kwargs):
    warm_up()
