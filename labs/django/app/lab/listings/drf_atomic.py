"""
Listing 3: the remedy that leaves it to DRF and `atomic`.

`atomic` begins a transaction and locks nothing: at READ COMMITTED two of them read the same score. And
DRF has authenticated before the handler is called, outside of the handler's transaction.
"""

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from lab.endpoints.base import Done, Endpoint
from lab.endpoints.score import ScoreAddition


class AtomicProfileView(Endpoint):
    permission_classes = [IsAuthenticated]

    @extend_schema(summary="Listing 3: a DRF view with atomic", request=ScoreAddition, responses=Done)
    @transaction.atomic
    def post(self, request):
        data = request.data
        profile = request.user.profile
        self.think()
        profile.score += data.get("score", 0)
        profile.save()
        return Response({"status": "ok"}, status=status.HTTP_200_OK)
