"""Signing up, the caller's own profile, and the end of both. The same in every half."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from lab.models import Profile

from .base import Endpoint


class NewUser(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, write_only=True)


class ProfileView(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    score = serializers.IntegerField()
    credit = serializers.IntegerField()


class User(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()


class Register(Endpoint):
    permission_classes = [AllowAny]

    def get_authenticators(self):
        return []

    @extend_schema(
        summary="Sign up",
        request=NewUser,
        responses={201: User, 409: OpenApiResponse(description="The username is taken.")},
    )
    def post(self, request):
        data = self.validated(NewUser)
        try:
            with transaction.atomic():
                user = get_user_model().objects.create_user(**data)
                Profile.objects.create(user=user)
        except IntegrityError:
            return Response({"detail": "The username is taken."}, status=409)
        return Response(User(user).data, status=201)


class Me(Endpoint):
    @extend_schema(summary="The caller's profile", responses=ProfileView)
    def get(self, request):
        profile = Profile.objects.get(user=request.user)
        return Response(
            {
                "id": request.user.pk,
                "username": request.user.username,
                "score": profile.score,
                "credit": profile.credit,
            }
        )

    @extend_schema(summary="Delete the caller and all that is theirs", responses={204: None})
    def delete(self, request):
        request.user.delete()
        return Response(status=204)
