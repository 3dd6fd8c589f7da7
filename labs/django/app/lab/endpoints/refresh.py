"""Rotation: a refresh token is good for one pair of successors."""

from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.response import Response
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import RefreshToken as JwtRefreshToken

from lab.models import RefreshToken, Session
from lab.schemes.bearer import answer, digest_of, issue
from lab.think import think
from lab.transactions import transact

from .sessions import BearerAnswer, JwtAnswer, Login

GRACE = timedelta(seconds=20)
REFUSED = {401: OpenApiResponse(description="It has been used, or its session has ended.")}


class BearerRefreshBody(serializers.Serializer):
    refresh_token = serializers.CharField()


class JwtRefreshBody(serializers.Serializer):
    refresh = serializers.CharField()


def refused():
    return AuthenticationFailed("It has been used, or its session has ended.")


class BearerRefresh(Login):
    @extend_schema(
        summary="Rotate the refresh token",
        request=BearerRefreshBody,
        responses={200: BearerAnswer, **REFUSED},
    )
    def post(self, request):
        digest = digest_of(self.validated(BearerRefreshBody)["refresh_token"])
        return Response(self.rotate(digest))


class RacyBearerRefresh(BearerRefresh):
    def rotate(self, digest):
        token = RefreshToken.objects.select_related("session__user").filter(digest=digest).first()
        if token is None or not token.is_valid:
            raise refused()
        think()
        token.is_valid = False
        token.save()
        return issue(token.session)


class RightBearerRefresh(BearerRefresh):
    def rotate(self, digest):
        def one_successor():
            token = RefreshToken.objects.filter(digest=digest).first()
            if token is None:
                raise refused()
            sessions = Session.objects.select_for_update(of=("self",)).select_related("user")
            session = sessions.get(pk=token.session_id)
            think()
            still_valid = RefreshToken.objects.filter(pk=token.pk, is_valid=True)
            if session.ended or still_valid.update(is_valid=False) == 0:
                raise refused()
            return issue(session)

        return transact(one_successor)


# Right, too: whoever asks again within the grace period, because the first answer got lost or because two
# tabs of a browser were awake at once, gets the same pair again. However many answers, one successor.
class GraceBearerRefresh(BearerRefresh):
    def rotate(self, digest):
        def one_successor():
            token = RefreshToken.objects.filter(digest=digest).first()
            if token is None:
                raise refused()
            sessions = Session.objects.select_for_update(of=("self",)).select_related("user")
            session = sessions.get(pk=token.session_id)
            token.refresh_from_db()
            if session.ended:
                raise refused()
            if token.is_valid:
                RefreshToken.objects.filter(pk=token.pk).update(is_valid=False, used_at=timezone.now())
                think()
                return issue(session, pair_after(digest))
            if token.used_at is None or timezone.now() - token.used_at > GRACE:
                raise refused()
            return answer(*pair_after(digest))

        return transact(one_successor)


def pair_after(digest):
    """The same for the same refresh token, and nothing that anybody without the key could know."""
    return tuple(salted_hmac(kind, digest, algorithm="sha256").hexdigest() for kind in ("access", "refresh"))


class JwtRefresh(Login):
    @extend_schema(
        summary="Rotate the refresh token", request=JwtRefreshBody, responses={200: JwtAnswer, **REFUSED}
    )
    def post(self, request):
        try:
            return Response(self.rotate(self.validated(JwtRefreshBody)["refresh"]))
        except TokenError as error:
            raise InvalidToken(error.args[0]) from error


# What simplejwt's own serializer does, with ROTATE_REFRESH_TOKENS and BLACKLIST_AFTER_ROTATION.
class RacyJwtRefresh(JwtRefresh):
    def rotate(self, refresh):
        return TokenRefreshSerializer().validate({"refresh": refresh})


class RightJwtRefresh(JwtRefresh):
    def rotate(self, refresh):
        token = JwtRefreshToken(refresh)
        access = str(token.access_token)
        # The blacklist's unique constraint is the gate: only one call can be the one that made the row.
        _, first = token.blacklist()
        if not first:
            raise refused()
        think()
        token.set_jti()
        token.set_exp()
        token.set_iat()
        return {"access": access, "refresh": str(token)}


REFRESHES = {
    "bearer": {"racy": RacyBearerRefresh, "right": RightBearerRefresh, "grace": GraceBearerRefresh},
    "jwt": {"racy": RacyJwtRefresh, "right": RightJwtRefresh},
}
