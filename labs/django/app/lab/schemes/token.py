"""DRF's own authtoken: `Authorization: Token <key>`, one for each user, kept until it is deleted."""

from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token

from .scheme import Scheme, gone


class TokenScheme(Scheme):
    name = "token"
    authentication = TokenAuthentication

    @classmethod
    def hold(cls, request, lock=True):
        tokens = Token.objects.select_for_update() if lock else Token.objects
        if tokens.filter(key=request.auth.key).first() is None:
            raise gone("The token")

    @classmethod
    def revoke(cls, request, lock=True):
        if lock:
            cls.hold(request)
        Token.objects.filter(key=request.auth.key).delete()
