"""What is known of a user beyond the name and the password."""

from django.conf import settings
from django.db import models


class Profile(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    score = models.IntegerField(default=0)
    credit = models.IntegerField(default=0)
