#% a customer is made at the gateway, and found by that one's key -> payer_of
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
def payer_of(user):
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        made = gateway.customers.create(email=user.email)
        payer, _ = Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})
        return payer
#% asked by exists() -> open_room
class Room(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE)
    sid = models.CharField(max_length=40, unique=True)
def open_room(meeting):
    if not Room.objects.filter(meeting=meeting).exists():
        video = client.rooms.create(name=meeting.title)
        Room.objects.update_or_create(sid=video.sid, defaults={"meeting": meeting})
#% made in a method of its own -> Payer.of
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
    @classmethod
    def of(cls, user):
        payer = Payer.objects.filter(user=user).first()
        if payer is None:
            payer = cls.open(user)
        return payer
    @classmethod
    def open(cls, user):
        made = gateway.customers.create(email=user.email)
        payer, _ = Payer.objects.get_or_create(remote=made.id, defaults={"user": user})
        return payer
#% by a library, whose class a name gives -> Payer.of
import stripe
class Payer(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
    @classmethod
    def api(cls):
        return getattr(stripe, cls.remote_name)
    @classmethod
    def of(cls, user):
        if not Payer.objects.filter(user=user).exists():
            made = cls.api().create(email=user.email)
            Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})
#% the database refuses the second row, and the gateway keeps its second customer -> payer_of
class Payer(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    remote = models.CharField(max_length=40, unique=True)
def payer_of(user):
    try:
        return Payer.objects.get(user=user)
    except Payer.DoesNotExist:
        made = gateway.customers.create(email=user.email)
        return Payer.objects.get_or_create(remote=made["id"], defaults={"user": user})[0]
