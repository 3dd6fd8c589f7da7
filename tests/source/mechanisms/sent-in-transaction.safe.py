#% delete() is a transaction, in which post_delete is sent
class Form(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    size = models.IntegerField(default=0)
class Profile(models.Model):
    total = models.IntegerField(default=0)
@receiver(post_delete, sender=Form)
def count_down(sender, instance, **kwargs):
    profile = Profile.objects.select_for_update().get(pk=instance.user_id)
    profile.total -= instance.size
    profile.save(update_fields=["total"])
#% a row that something points to is not deleted, and the refusal is handled
class Resource(models.Model):
    name = models.CharField(max_length=40)
class Reservation(models.Model):
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reservations")
def release(resource):
    resource = Resource.objects.get(pk=resource.pk)
    if not resource.reservations.exists():
        with suppress(ProtectedError):
            resource.delete()
