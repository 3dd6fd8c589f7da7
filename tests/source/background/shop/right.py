"""The same three, right."""

import json

from django.db import transaction
from django.db.models import F
from django.http import JsonResponse
from django.views import View
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Profile, Token


class UpdateProfileView(View):
    def post(self, request):
        data = json.loads(request.body)
        with transaction.atomic():
            token = (
                Token.objects.select_for_update()
                .filter(key=request.headers.get("Authorization", "").partition(" ")[2])
                .first()
            )
            if token is None or not token.is_valid:
                return JsonResponse({"error": "Invalid token"}, status=401)
            Profile.objects.filter(user=token.user).update(score=F("score") + data.get("score", 0))
        return JsonResponse({"status": "ok"})


@transaction.atomic
def verify_and_update_bearer(request):
    token_string = request.headers.get("Authorization", "").partition(" ")[2]
    token = Token.objects.select_for_update().filter(key=token_string).first()
    if token is None or not token.is_valid:
        return JsonResponse({"error": "Token invalid"}, status=401)
    profile = Profile.objects.select_for_update().get(user=token.user)
    profile.score += json.loads(request.body).get("score", 0)
    profile.save(update_fields=["score"])
    return JsonResponse({"status": "ok"})


class SecureProfileView(APIView):
    permission_classes = [IsAuthenticated]

    @transaction.atomic
    def post(self, request):
        profile = Profile.objects.select_for_update().get(user=request.user)
        profile.score += request.data.get("score", 0)
        profile.save(update_fields=["score"])
        return Response({"status": "ok"})


class ProfileViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Profile.objects.all()

    @action(detail=True, methods=["post"], url_path="add-score")
    def add_score(self, request, pk=None):
        Profile.objects.filter(pk=pk).update(score=F("score") + 1)
        return Response({"status": "ok"})
