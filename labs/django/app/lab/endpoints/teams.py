"""A team's editors may post notices; its owner says who is one."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.response import Response

from lab.models import Membership, Notice, Team

from .base import Done, Endpoint, Racy, Right, done


class NewTeam(serializers.Serializer):
    name = serializers.CharField(max_length=80)


class MemberView(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=["editor", "reader"])


class Role(serializers.Serializer):
    role = serializers.ChoiceField(choices=["editor", "reader"])


class NewNotice(serializers.Serializer):
    text = serializers.CharField(max_length=200)


class NoticeView(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()


class AnyMember(serializers.Serializer):
    username = serializers.CharField()
    role = serializers.CharField()


class TeamView(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    members = AnyMember(many=True)
    notice_count = serializers.IntegerField()
    notices = NoticeView(many=True)


def view_of(team):
    members = Membership.objects.filter(team=team).select_related("user").order_by("pk")
    notices = NoticeView(team.notices.order_by("pk"), many=True).data
    return {
        "id": team.pk,
        "name": team.name,
        "members": [{"username": one.user.username, "role": one.role} for one in members],
        "notice_count": len(notices),
        "notices": notices,
    }


def membership(memberships, team, user):
    found = memberships.filter(team=team, user=user).first()
    if found is None:
        raise NotFound()
    return found


def must_be(found, *roles):
    if found.role not in roles:
        raise PermissionDenied()


class Teams(Endpoint):
    @extend_schema(summary="Found a team", request=NewTeam, responses={201: TeamView})
    def post(self, request):
        return self.act(self.found, self.validated(NewTeam))

    def found(self, data):
        with transaction.atomic():
            team = Team.objects.create(**data)
            Membership.objects.create(team=team, user=self.request.user, role="owner")
        return Response(view_of(team), status=201)


class RacyTeams(Teams, Racy):
    pass


class RightTeams(Teams, Right):
    pass


class OneTeam(Endpoint):
    @extend_schema(summary="A team of the caller", responses=TeamView)
    def get(self, request, id):
        return Response(view_of(membership(Membership.objects, id, request.user).team))

    @extend_schema(summary="Dissolve it", responses={204: None})
    def delete(self, request, id):
        must_be(membership(Membership.objects, id, request.user), "owner")
        Team.objects.filter(pk=id).delete()
        return Response(status=204)


class Members(Endpoint):
    @extend_schema(summary="Add a member", request=MemberView, responses={201: MemberView})
    def post(self, request, id):
        return self.act(self.admit, id, self.validated(MemberView))

    def admit(self, id, data):
        must_be(membership(Membership.objects, id, self.request.user), "owner")
        user = get_user_model().objects.filter(username=data["username"]).first()
        if user is None:
            raise not_to_be_admitted()
        self.think()
        try:
            with transaction.atomic():
                Membership.objects.create(team_id=id, user=user, role=data["role"])
        except IntegrityError:
            raise not_to_be_admitted() from None
        return Response(data, status=201)


def not_to_be_admitted():
    return ValidationError({"username": ["No such user, or a member already."]})


class RacyMembers(Members, Racy):
    pass


class RightMembers(Members, Right):
    pass


class OneMember(Endpoint):
    @extend_schema(summary="Promote or demote a member", request=Role, responses=Done)
    def put(self, request, id, username):
        return self.act(self.change_role, id, username, self.validated(Role)["role"])

    def target(self, memberships, id, username):
        found = memberships.filter(team=id, user__username=username).first()
        if found is None or found.role == "owner":
            raise NotFound()
        return found


class RacyMember(OneMember, Racy):
    def change_role(self, id, username, role):
        must_be(membership(Membership.objects, id, self.request.user), "owner")
        found = self.target(Membership.objects, id, username)
        found.role = role
        found.save()
        return done()


class RightMember(OneMember, Right):
    def change_role(self, id, username, role):
        # An owner cannot be demoted: no lock is needed to be sure of that.
        must_be(membership(Membership.objects, id, self.request.user), "owner")
        found = self.target(Membership.objects.select_for_update(of=("self",)), id, username)
        found.role = role
        found.save(update_fields=["role"])
        return done()


class Notices(Endpoint):
    @extend_schema(summary="Post a notice, as an editor", request=NewNotice, responses={201: NoticeView})
    def post(self, request, id):
        return self.put_up(id)

    def create(self, member, text):
        self.think()
        notice = Notice.objects.create(team_id=member.team_id, author=self.request.user, text=text)
        return Response(NoticeView(notice).data, status=201)


class RacyNotices(Notices, Racy):
    def put_up(self, id):
        # As permission classes do: who may first, and then the body.
        member = membership(Membership.objects, id, self.request.user)
        must_be(member, "owner", "editor")
        return self.create(member, self.validated(NewNotice)["text"])


class RightNotices(Notices, Right):
    def put_up(self, id):
        return self.act(self.put_up_as_member, id, self.validated(NewNotice)["text"])

    def put_up_as_member(self, id, text):
        member = membership(Membership.objects.select_for_update(), id, self.request.user)
        must_be(member, "owner", "editor")
        return self.create(member, text)
