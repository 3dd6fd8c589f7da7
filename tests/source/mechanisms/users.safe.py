#% a user's profile: only the column that was changed
class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    seen_at = models.DateTimeField(null=True)
def touch(username):
    Profile.objects.filter(user__username=username).update(seen_at=timezone.now())
def greet_step(strategy, user=None, flow=None):
    profile = user.profile
    profile.name = strategy.request_data()["name"]
    profile.save(update_fields=["name"])
#% nobody else writes the profile
class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
def greet_step(strategy, user=None, flow=None):
    profile = user.profile
    profile.name = strategy.request_data()["name"]
    profile.save()
#% the user is new: nobody else knows the profile
class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
def touch(username):
    Profile.objects.filter(user__username=username).update(name="seen")
def sign_up(name):
    user = User.objects.create_user(name)
    user.profile.name = name
    user.profile.save(update_fields=["name"])
#% rows of a user's are counted under the user's lock
class Slot(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="slots")
    note = models.CharField(max_length=100)
@transaction.atomic
def open_slot(user, note):
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.slots.count() >= 3:
        raise TooMany()
    return user.slots.create(note=note)
