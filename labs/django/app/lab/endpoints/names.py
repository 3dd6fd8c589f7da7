"""A name that only one may have."""

from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from lab.models import Handle, Nickname

from .base import Endpoint, Racy, Right

TAKEN = {409: OpenApiResponse(description="Somebody has it.")}


class NewName(serializers.Serializer):
    name = serializers.CharField(max_length=80)


class NameView(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class NameList(serializers.Serializer):
    count = serializers.IntegerField()
    results = NameView(many=True)


class Names(Endpoint):
    model = None

    @extend_schema(
        summary="Names that were taken",
        parameters=[OpenApiParameter("name", str, description="only this one")],
        responses=NameList,
    )
    def get(self, request):
        wanted = request.query_params.get("name")
        which = {"name": wanted} if wanted else {"owner": request.user}
        found = NameView(self.model.objects.filter(**which).order_by("pk"), many=True).data
        return Response({"count": len(found), "results": found})

    @extend_schema(summary="Take a name", request=NewName, responses={201: NameView, **TAKEN})
    def post(self, request):
        return self.act(self.take, self.validated(NewName)["name"])


def taken():
    return Response({"detail": "Somebody has it."}, status=409)


class RacyNames(Names, Racy):
    model = Nickname

    def take(self, name):
        if Nickname.objects.filter(name=name).exists():
            return taken()
        self.think()
        created = Nickname.objects.create(owner=self.request.user, name=name)
        return Response(NameView(created).data, status=201)


class RightNames(Names, Right):
    model = Handle

    def take(self, name):
        self.think()
        try:
            # A savepoint: the failed insert must not end the transaction around it.
            with transaction.atomic():
                created = Handle.objects.create(owner=self.request.user, name=name)
        except IntegrityError:
            return taken()
        return Response(NameView(created).data, status=201)


class OneName(Endpoint):
    @extend_schema(summary="Give a name up", responses={204: None})
    def delete(self, request, id):
        self.model.objects.filter(pk=id, owner=request.user).delete()
        return Response(status=204)


class RacyName(OneName):
    model = Nickname


class RightName(OneName):
    model = Handle
