"""
What a racy and a right endpoint differ in, apart from the statements of their own.

A twin writes what it changes as one method; `act` calls it. In the racy half that is all. In the right
half it is called in a transaction that first locks the credential and checks it again.
"""

from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from lab.think import think
from lab.transactions import transact


class Endpoint(APIView):
    scheme = None
    half = None

    def get_authenticators(self):
        authenticator = self.scheme.authentication()
        # Each half has a security scheme of its own in the API document.
        authenticator.half = self.half
        return [authenticator]

    def validated(self, serializer_class):
        """The whole body, read and checked. Always before `act`: a slow sender must not hold a lock."""
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def think(self):
        think()


# Comments and no docstrings: drf-spectacular would hand those to the readers of the API document.
#
# Trusts the check that DRF made before the handler, and everything that it has read.
class Racy(Endpoint):
    locks = False

    def act(self, change, *args):
        return change(*args)


class Right(Endpoint):
    locks = True

    def act(self, change, *args):
        def held():
            self.scheme.hold(self.request)
            return change(*args)

        return transact(held)


# Checks again in the transaction that writes, but locks nothing. It looks like `Right` and is racy:
# the revocation may commit between the second check and the write.
class Unlocked(Endpoint):
    locks = False

    def act(self, change, *args):
        def checked():
            self.scheme.hold(self.request, lock=False)
            return change(*args)

        return transact(checked)


class Done(serializers.Serializer):
    status = serializers.CharField()


def done(status=200):
    return Response({"status": "ok"}, status=status)
