#% emptied after the commit
class Flag(models.Model):
    name = models.CharField(max_length=40)
    def empty(self):
        cache.delete("flags")
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        transaction.on_commit(self.empty)
admin.site.register(Flag)
#% emptied behind the transaction
class Flag(models.Model):
    name = models.CharField(max_length=40)
def rename(pk, name):
    with transaction.atomic():
        Flag.objects.filter(pk=pk).update(name=name)
    cache.delete("flags")
#% nobody is seen who saves in a transaction
class Flag(models.Model):
    name = models.CharField(max_length=40)
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        cache.delete("flags")
#% emptied after the commit, where there is such a thing
class Flag(models.Model):
    name = models.CharField(max_length=40)
    def empty(self):
        cache.delete("flags")
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if hasattr(transaction, "on_commit"):
            transaction.on_commit(self.empty)
        else:
            self.empty()
admin.site.register(Flag)
