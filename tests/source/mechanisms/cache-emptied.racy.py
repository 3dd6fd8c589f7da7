#% emptied by save(), and the admin saves in a transaction -> Flag.save
class Flag(models.Model):
    name = models.CharField(max_length=40)
    def empty(self):
        cache.delete_many([f"flag-{self.name}", "flags"])
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.empty()
admin.site.register(Flag)
#% emptied by delete() -> Flag.delete
class Flag(models.Model):
    name = models.CharField(max_length=40)
    def delete(self, *args, **kwargs):
        super().delete(*args, **kwargs)
        cache.delete("flags")
admin.site.register(Flag)
#% emptied in a transaction that goes on -> rename
class Flag(models.Model):
    name = models.CharField(max_length=40)
@transaction.atomic
def rename(pk, name):
    Flag.objects.filter(pk=pk).update(name=name)
    cache.delete("flags")
    Log.objects.create(text=name)
#% emptied by a receiver -> gone
class Flag(models.Model):
    name = models.CharField(max_length=40)
@receiver(post_delete, sender=Flag)
def gone(instance, **kwargs):
    cache.delete("flags")
