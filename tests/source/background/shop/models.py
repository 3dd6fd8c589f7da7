from django.conf import settings
from django.db import models


class Token(models.Model):
    """Users have several: one a device."""

    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    revoked = models.BooleanField(default=False)

    @property
    def is_valid(self):
        return not self.revoked


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    score = models.IntegerField(default=0)


class Badge(models.Model):
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="badges")
    name = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "name"], name="one_badge_of_a_name")]
