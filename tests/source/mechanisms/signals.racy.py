#% the admin saves in a transaction -> index_page
class Page(models.Model):
    text = models.TextField()
admin.site.register(Page)
@receiver(post_save, sender=Page)
def index_page(sender, instance, created, **kwargs):
    if settings.SEARCH:
        tasks.index.delay(instance.pk)
#% registered by a decorator -> thumbnail
class Photo(models.Model):
    file = models.FileField()
@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    pass
@receiver(models.signals.post_save, sender=Photo, dispatch_uid="thumbnail")
def thumbnail(sender, instance, **kwargs):
    make_thumbnail.apply_async(args=[instance.id])
#% a delete is a transaction by itself -> forget
class Page(models.Model):
    text = models.TextField()
@receiver(post_delete, sender=Page)
def forget(sender, instance, **kwargs):
    tasks.rebuild.delay(instance.book_id)
#% members are added in a transaction -> members_changed
class Team(models.Model):
    members = models.ManyToManyField("auth.User")
@receiver(m2m_changed, sender=Team.members.through)
def members_changed(sender, instance, action, **kwargs):
    if action == "post_add":
        sync_team.delay(instance.pk)
