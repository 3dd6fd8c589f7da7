"""Each user may have three invitations out."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from lab.models import Invitation, Profile

from .base import Endpoint, Racy, Right

MOST = 3
FULL = {409: OpenApiResponse(description=f"{MOST} invitations are out.")}


class NewInvitation(serializers.Serializer):
    guest = serializers.CharField(max_length=80)


class InvitationView(serializers.Serializer):
    id = serializers.IntegerField()
    guest = serializers.CharField()


class InvitationList(serializers.Serializer):
    count = serializers.IntegerField()
    results = InvitationView(many=True)


class Invitations(Endpoint):
    @extend_schema(summary="The caller's invitations", responses=InvitationList)
    def get(self, request):
        found = InvitationView(request.user.invitations.order_by("pk"), many=True).data
        return Response({"count": len(found), "results": found})

    @extend_schema(
        summary=f"Invite a guest; at most {MOST} at a time",
        request=NewInvitation,
        responses={201: InvitationView, **FULL},
    )
    def post(self, request):
        return self.act(self.invite, self.validated(NewInvitation)["guest"])

    def create_below_limit(self, guest):
        sender = self.request.user
        if Invitation.objects.filter(sender=sender).count() >= MOST:
            return Response({"detail": f"{MOST} invitations are out."}, status=409)
        self.think()
        created = Invitation.objects.create(sender=sender, guest=guest)
        return Response(InvitationView(created).data, status=201)


class RacyInvitations(Invitations, Racy):
    def invite(self, guest):
        return self.create_below_limit(guest)


class RightInvitations(Invitations, Right):
    def invite(self, guest):
        # Rows that are not there yet cannot be locked; the one that stands for all of them can.
        Profile.objects.select_for_update().get(user=self.request.user)
        return self.create_below_limit(guest)


class OneInvitation(Endpoint):
    @extend_schema(summary="Take an invitation back", responses={204: None})
    def delete(self, request, id):
        Invitation.objects.filter(pk=id, sender=request.user).delete()
        return Response(status=204)
