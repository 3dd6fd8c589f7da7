"""What users own, spend and share."""

from django.conf import settings
from django.db import models

OWNER = settings.AUTH_USER_MODEL


class Coupon(models.Model):
    code = models.CharField(max_length=32, primary_key=True)
    owner = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    value = models.IntegerField()
    redeemed = models.BooleanField(default=False)


class Redemption(models.Model):
    coupon = models.ForeignKey(Coupon, on_delete=models.CASCADE, related_name="redemptions")
    user = models.ForeignKey(OWNER, on_delete=models.CASCADE)


class Account(models.Model):
    owner = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    balance = models.IntegerField()


class Invitation(models.Model):
    sender = models.ForeignKey(OWNER, on_delete=models.CASCADE, related_name="invitations")
    guest = models.CharField(max_length=80)


class Document(models.Model):
    owner = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    text = models.CharField(max_length=500)


class Team(models.Model):
    name = models.CharField(max_length=80)
    members = models.ManyToManyField(OWNER, through="Membership")


class Membership(models.Model):
    ROLES = [("owner", "owner"), ("editor", "editor"), ("reader", "reader")]

    team = models.ForeignKey(Team, on_delete=models.CASCADE)
    user = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    role = models.CharField(max_length=10, choices=ROLES)

    class Meta:
        unique_together = [("team", "user")]


class Notice(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="notices")
    author = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    text = models.CharField(max_length=200)


class Nickname(models.Model):
    """Unique by the word of the code that writes it."""

    owner = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    name = models.CharField(max_length=80, db_index=True)


class Handle(models.Model):
    """Unique by the word of the database."""

    owner = models.ForeignKey(OWNER, on_delete=models.CASCADE)
    name = models.CharField(max_length=80, unique=True)
