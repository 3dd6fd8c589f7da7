"""The three listings of the background text, made to run."""

import json

from django.db import transaction
from django.http import JsonResponse
from django.views import View
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Token


def verify_bearer(token_string):
    try:
        token = Token.objects.get(key=token_string)
        return token.user if token.is_valid else None
    except Token.DoesNotExist:
        return None


class UpdateProfileView(View):
    def post(self, request):
        auth = request.headers.get("Authorization", "")
        if not auth.startswith("Bearer "):
            return JsonResponse({"error": "Unauthorized"}, status=401)
        token_string = auth.split(" ")[1]
        user = verify_bearer(token_string)
        if not user:
            return JsonResponse({"error": "Invalid token"}, status=401)
        data = json.loads(request.body)
        user.profile.score += data.get("score", 0)
        user.profile.save()
        return JsonResponse({"status": "ok"})


@transaction.atomic
def verify_and_update_bearer(request):
    auth = request.headers.get("Authorization", "")
    if not auth.startswith("Bearer "):
        return JsonResponse({"error": "Unauthorized"}, status=401)
    token_string = auth.split(" ")[1]
    try:
        token = Token.objects.select_for_update().get(key=token_string)
    except Token.DoesNotExist:
        return JsonResponse({"error": "Invalid token"}, status=401)
    if not token.is_valid:
        return JsonResponse({"error": "Token invalid"}, status=401)
    user = token.user
    data = json.loads(request.body)
    user.profile.score += data.get("score", 0)
    user.profile.save()
    return JsonResponse({"status": "ok"})


class SecureProfileView(APIView):
    permission_classes = [IsAuthenticated]

    @transaction.atomic
    def post(self, request):
        data = request.data
        request.user.profile.score += data.get("score", 0)
        request.user.profile.save()
        return Response({"status": "ok"}, status=status.HTTP_200_OK)
