"""
simplejwt's access tokens, with a session (`sid`) that a logout can end: the signature alone would keep a
token good until it expires. There is no row to lock that says "still valid", hence the advisory lock.
"""

import hashlib
import secrets

from django.db import IntegrityError, connection, transaction
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer

from lab.models import EndedSession

from .scheme import Scheme, gone


class PairWithSession(TokenObtainPairSerializer):
    """simplejwt's login; the refresh token hands its `sid` on to all of its successors."""

    @classmethod
    def get_token(cls, user):
        token = super().get_token(user)
        token["sid"] = secrets.token_hex(16)
        return token


class JwtAuthentication(JWTAuthentication):
    def get_validated_token(self, raw_token):
        token = super().get_validated_token(raw_token)
        if ended(token):
            raise InvalidToken("The session has ended.")
        return token


def ended(token):
    return EndedSession.objects.filter(sid=token.get("sid", "")).exists()


def _lock(sid, shared):
    """Until the end of the transaction. SQLite has no such lock."""
    if connection.vendor != "postgresql":
        return
    key = int.from_bytes(hashlib.sha256(sid.encode()).digest()[:8], "big", signed=True)
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])


class JwtScheme(Scheme):
    name = "jwt"
    authentication = JwtAuthentication

    @classmethod
    def hold(cls, request, lock=True):
        if lock:
            _lock(request.auth["sid"], shared=True)
        # A statement of its own: at READ COMMITTED it sees what was committed before the lock was had.
        if ended(request.auth):
            raise gone("The session")

    @classmethod
    def revoke(cls, request, lock=True):
        if lock:
            _lock(request.auth["sid"], shared=False)
        try:
            with transaction.atomic():
                EndedSession.objects.create(sid=request.auth["sid"])
        except IntegrityError:
            raise gone("The session") from None
