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
#% a mutex is given back
class Flag(models.Model):
    name = models.CharField(max_length=40)
@transaction.atomic
def rename(pk, name):
    if not cache.add("flag-lock", True, 60):
        return
    Flag.objects.filter(pk=pk).update(name=name)
    cache.delete("flag-lock")
    Log.objects.create(text=name)
#% an entry that is about something else than what is written
class Member(models.Model):
    seen_at = models.DateTimeField(null=True)
@transaction.atomic
def enter(member):
    member.seen_at = timezone.now()
    member.save(update_fields=["seen_at"])
    cache.delete("front-page")
    Log.objects.create(text="entered")
