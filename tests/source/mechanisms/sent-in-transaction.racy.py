#% save() sends post_save after its transaction -> count_up
class Form(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    size = models.IntegerField(default=0)
class Profile(models.Model):
    total = models.IntegerField(default=0)
@receiver(post_save, sender=Form)
def count_up(sender, instance, **kwargs):
    profile = Profile.objects.select_for_update().get(pk=instance.user_id)
    profile.total += instance.size
    profile.save(update_fields=["total"])
