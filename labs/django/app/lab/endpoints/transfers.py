"""Moving an amount between two accounts of which none may go below zero."""

from django.db.models import F
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from lab.models import Account

from .base import Done, Endpoint, Racy, Right, done

SHORT = {409: OpenApiResponse(description="The source does not hold that much.")}


class NewAccount(serializers.Serializer):
    balance = serializers.IntegerField(min_value=0, max_value=1_000_000)


class AccountView(serializers.Serializer):
    id = serializers.IntegerField()
    balance = serializers.IntegerField()


class Transfer(serializers.Serializer):
    from_account = serializers.IntegerField(help_text="id of an account of the caller")
    to_account = serializers.IntegerField(help_text="id of any other account")
    amount = serializers.IntegerField(min_value=1, max_value=1_000_000)

    def validate(self, data):
        if data["from_account"] == data["to_account"]:
            raise serializers.ValidationError("Source and target are the same account.")
        return data


class Accounts(Endpoint):
    @extend_schema(summary="Open an account", request=NewAccount, responses={201: AccountView})
    def post(self, request):
        return self.act(self.open, self.validated(NewAccount))

    def open(self, data):
        account = Account.objects.create(owner=self.request.user, **data)
        return Response(AccountView(account).data, status=201)


class RacyAccounts(Accounts, Racy):
    pass


class RightAccounts(Accounts, Right):
    pass


class OneAccount(Endpoint):
    @extend_schema(summary="An account of the caller", responses=AccountView)
    def get(self, request, id):
        account = Account.objects.filter(pk=id, owner=request.user).first()
        if account is None:
            raise NotFound()
        return Response(AccountView(account).data)

    @extend_schema(summary="Close an account", responses={204: None})
    def delete(self, request, id):
        Account.objects.filter(pk=id, owner=request.user).delete()
        return Response(status=204)


class Transfers(Endpoint):
    @extend_schema(
        summary="Move an amount to another account", request=Transfer, responses={201: Done, **SHORT}
    )
    def post(self, request):
        return self.act(self.move, self.validated(Transfer))

    def both(self, accounts, move):
        """In the order of their ids, whichever way the amount goes: no two transfers can deadlock."""
        ids = [move["from_account"], move["to_account"]]
        found = {one.pk: one for one in accounts.filter(pk__in=ids).order_by("pk")}
        source, target = found.get(move["from_account"]), found.get(move["to_account"])
        if source is None or target is None or source.owner_id != self.request.user.pk:
            raise NotFound()
        return source, target


def short():
    return Response({"detail": "The source does not hold that much."}, status=409)


class RacyTransfers(Transfers, Racy):
    def move(self, move):
        source, target = self.both(Account.objects, move)
        if source.balance < move["amount"]:
            return short()
        self.think()
        source.balance -= move["amount"]
        target.balance += move["amount"]
        source.save()
        target.save()
        return done(201)


class RightTransfers(Transfers, Right):
    def move(self, move):
        source, target = self.both(Account.objects.select_for_update(), move)
        if source.balance < move["amount"]:
            return short()
        self.think()
        Account.objects.filter(pk=source.pk).update(balance=F("balance") - move["amount"])
        Account.objects.filter(pk=target.pk).update(balance=F("balance") + move["amount"])
        return done(201)
