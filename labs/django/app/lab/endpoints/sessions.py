"""Login of each scheme, and logout of each half."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from lab.models import Session
from lab.schemes.bearer import issue
from lab.schemes.jwt import PairWithSession
from lab.transactions import transact

from .base import Endpoint, Racy, Right, Unlocked

REFUSED = {401: OpenApiResponse(description="No such user, or another password.")}


class Credentials(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(write_only=True)


class TokenAnswer(serializers.Serializer):
    token = serializers.CharField()


class BearerAnswer(serializers.Serializer):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField()


class JwtAnswer(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class Login(Endpoint):
    permission_classes = [AllowAny]

    def get_authenticators(self):
        return []

    def user(self):
        user = authenticate(self.request, **self.validated(Credentials))
        if user is None:
            raise AuthenticationFailed("No such user, or another password.")
        return user

    def get_authenticate_header(self, request):
        # Without it DRF answers 403 where nobody is authenticated yet.
        return "Bearer"


class TokenLogin(Login):
    @extend_schema(summary="Log in", request=Credentials, responses={200: TokenAnswer, **REFUSED})
    def post(self, request):
        # As DRF's own view does: whoever logs in twice gets the same token twice.
        token, _ = Token.objects.get_or_create(user=self.user())
        return Response({"token": token.key})


class BearerLogin(Login):
    @extend_schema(summary="Log in", request=Credentials, responses={200: BearerAnswer, **REFUSED})
    def post(self, request):
        user = self.user()
        return Response(transact(lambda: issue(Session.objects.create(user=user))))


class JwtLogin(Login):
    @extend_schema(summary="Log in", request=Credentials, responses={200: JwtAnswer, **REFUSED})
    def post(self, request):
        return Response(self.validated(PairWithSession))


LOGINS = {"token": TokenLogin, "bearer": BearerLogin, "jwt": JwtLogin}


class Logout(Endpoint):
    @extend_schema(summary="End the session of the presented token", request=None, responses={204: None})
    def post(self, request):
        transact(lambda: self.scheme.revoke(request, lock=self.locks))
        return Response(status=204)


class RacyLogout(Logout, Racy):
    pass


class RightLogout(Logout, Right):
    pass


class UnlockedLogout(Logout, Unlocked):
    pass
