"""Opaque bearer tokens of the lab's own, and the sessions of JWTs that were ended before they expired."""

from django.conf import settings
from django.db import models


class Session(models.Model):
    """One login: its access tokens, and the chain of its refresh tokens."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    ended = models.BooleanField(default=False)


class AccessToken(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    is_valid = models.BooleanField(default=True)


class RefreshToken(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    is_valid = models.BooleanField(default=True)
    used_at = models.DateTimeField(null=True)


class EndedSession(models.Model):
    """A JWT has no row of its own to be changed: what ends it is a row that was not there before."""

    sid = models.CharField(max_length=32, primary_key=True)
