#% a user's profile is saved whole -> greet_step
class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    seen_at = models.DateTimeField(null=True)
def touch(username):
    Profile.objects.filter(user__username=username).update(seen_at=timezone.now())
def greet_step(strategy, user=None, flow=None):
    profile = user.profile
    profile.name = strategy.request_data()["name"]
    profile.save()
#% rows of a user's are counted in the service -> open_slot
class Slot(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="slots")
    note = models.CharField(max_length=100)
def open_slot(user, note):
    if user.slots.count() >= 3:
        raise TooMany()
    return user.slots.create(note=note)
#% the wallet of a user, by its relation -> spend
class Wallet(models.Model):
    owner = models.OneToOneField("auth.User", on_delete=models.CASCADE, related_name="wallet")
    coins = models.IntegerField(default=0)
def spend(user, coins):
    user.wallet.coins -= coins
    user.wallet.save()
#% saved whole in the service, looked for as active by the view -> retire
class Member(AbstractUser):
    email = models.EmailField()
class Retirement(models.Model):
    user = models.ForeignKey(Member, on_delete=models.CASCADE)
AUTH_USER_MODEL = "app.Member"
def change_mail(user, email):
    user.email = email
    user.save(update_fields=["email"])
def switch_off(user):
    user.is_active = False
    user.save()
    Retirement.objects.create(user=user)
def retire(request):
    user = get_object_or_404(Member, id=request.POST["id"], is_active=True)
    switch_off(user)
    return HttpResponse()
