#% a second row for the same user is refused
class Payer(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
def payer_of(user):
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        made = gateway.customers.create(email=user.email)
        try:
            payer, _ = Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})
        except IntegrityError:
            payer = Payer.objects.get(user=user)
        return payer
#% whoever asks, gets the same one
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
def payer_of(user):
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        known = gateway.customers.retrieve(email=user.email)
        payer, _ = Payer.objects.get_or_create(remote=known["id"], defaults={"user": user})
        return payer
#% the user waits
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
@transaction.atomic
def payer_of(user):
    User.objects.select_for_update().get(pk=user.pk)
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        made = gateway.customers.create(email=user.email)
        payer, _ = Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})
        return payer
#% of another table
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
class Remote(models.Model):
    key = models.CharField(max_length=40, unique=True)
def remote_of(user):
    if not Payer.objects.filter(user=user).exists():
        made = gateway.customers.create(email=user.email)
        Remote.objects.get_or_create(key=made["id"])
#% the gateway makes one for all who ask with that key
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
def payer_of(user):
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        made = gateway.customers.create(email=user.email, idempotency_key=f"payer-{user.pk}")
        payer, _ = Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})
        return payer
