#% when it has been committed
class Page(models.Model):
    text = models.TextField()
admin.site.register(Page)
@receiver(post_save, sender=Page)
def index_page(sender, instance, created, **kwargs):
    transaction.on_commit(lambda: tasks.index.delay(instance.pk))
#% nothing is known to save it in a transaction
class Page(models.Model):
    text = models.TextField()
@receiver(post_save, sender=Page)
def index_page(sender, instance, created, **kwargs):
    tasks.index.delay(instance.pk)
#% the worker is told all it needs
class Page(models.Model):
    text = models.TextField()
admin.site.register(Page)
@receiver(post_save, sender=Page)
def announce(sender, instance, created, **kwargs):
    tasks.announce.delay("a page was changed")
#% another signal
@receiver(user_logged_in)
def greet(sender, request, user, **kwargs):
    tasks.greet.delay(user.pk)
