"""
Listing 2: the remedy that locks the token's row for the whole transaction.

It does keep one token's requests apart, and a logout waits for them. But the row that is read and
written is the profile's, and a user with two tokens takes two different locks; and since the body is
read under the lock, whoever sends it decides for how long the logout waits.
"""

import json

from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lab.models import AccessToken
from lab.schemes.bearer import digest_of
from lab.think import think


@csrf_exempt
@require_POST
@transaction.atomic
def verify_and_update(request):
    auth = request.headers.get("Authorization", "")
    if not auth.startswith("Bearer "):
        return JsonResponse({"error": "Unauthorized"}, status=401)
    try:
        token = AccessToken.objects.select_for_update().get(digest=digest_of(auth.split(" ")[1]))
    except AccessToken.DoesNotExist:
        return JsonResponse({"error": "Invalid token"}, status=401)
    if not token.is_valid:
        return JsonResponse({"error": "Token invalid"}, status=401)
    profile = token.user.profile
    data = json.loads(request.body)
    think()
    profile.score += data.get("score", 0)
    profile.save()
    return JsonResponse({"status": "ok"})
