"""
Listing 1: the token is looked up, then the score is read, changed and saved.

As it is often printed it cannot run: Django has no `Token` (here: the lab's own, with `is_valid`), and
the CSRF check answers 403 to a client that has no cookie.
"""

import json

from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from lab.models import AccessToken
from lab.schemes.bearer import digest_of
from lab.think import think


def verify_bearer(secret):
    try:
        token = AccessToken.objects.get(digest=digest_of(secret))
    except AccessToken.DoesNotExist:
        return None
    return token.user if token.is_valid else None


@method_decorator(csrf_exempt, name="dispatch")
class VulnerableProfileView(View):
    def post(self, request):
        auth = request.headers.get("Authorization", "")
        if not auth.startswith("Bearer "):
            return JsonResponse({"error": "Unauthorized"}, status=401)
        user = verify_bearer(auth.split(" ")[1])
        if not user:
            return JsonResponse({"error": "Invalid token"}, status=401)
        # gunicorn has started this handler at the last header: here it may wait for the sender, for
        # as long as the sender likes, with the check already made.
        data = json.loads(request.body)
        profile = user.profile
        think()
        profile.score += data.get("score", 0)
        profile.save()
        return JsonResponse({"status": "ok"})
