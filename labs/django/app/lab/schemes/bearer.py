"""An opaque bearer token of the lab's own: stored by its digest, with a flag that says if it is valid."""

import hashlib
import secrets

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from lab.models import AccessToken, RefreshToken, Session

from .scheme import Scheme, gone


def digest_of(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(session, pair=None):
    """A new access token and a new refresh token of the session, in clear: the only time they are."""
    access, refresh = pair or (secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    AccessToken.objects.create(session=session, user=session.user, digest=digest_of(access))
    RefreshToken.objects.create(session=session, digest=digest_of(refresh))
    return answer(access, refresh)


def answer(access, refresh):
    return {"access_token": access, "refresh_token": refresh, "token_type": "Bearer"}


class BearerAuthentication(TokenAuthentication):
    # DRF has no class for `Bearer`; this is how its documentation has one made.
    keyword = "Bearer"

    def authenticate_credentials(self, key):
        token = AccessToken.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token is None or not token.is_valid:
            raise AuthenticationFailed("Invalid token.")
        return token.user, token


class BearerScheme(Scheme):
    name = "bearer"
    authentication = BearerAuthentication

    @classmethod
    def hold(cls, request, lock=True):
        tokens = AccessToken.objects.select_for_update() if lock else AccessToken.objects
        if tokens.filter(pk=request.auth.pk, is_valid=True).first() is None:
            raise gone("The token")

    @classmethod
    def revoke(cls, request, lock=True):
        if lock:
            # Whoever rotates holds the session: no successor can appear that is not seen here.
            Session.objects.select_for_update().get(pk=request.auth.session_id)
            cls.hold(request)
        Session.objects.filter(pk=request.auth.session_id).update(ended=True)
        for model in (AccessToken, RefreshToken):
            model.objects.filter(session=request.auth.session_id).update(is_valid=False)
