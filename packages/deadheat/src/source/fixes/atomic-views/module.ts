/**
 * The module that the fix for a proven `revocation-race` writes into a project. Tested with DRF's own tokens and
 * with simplejwt, on PostgreSQL, in tests/long/fixed-lab.test.ts.
 */
export const ATOMIC_VIEWS = `"""
Views that check the token again, under a lock, in the transaction that they write in.

REST framework authenticates before the handler runs. A token that is revoked in between, and whose revocation has
been acknowledged, would still write. Put AtomicAuthMixin first among a view's bases:

    class Spend(AtomicAuthMixin, APIView):
        ...

What is locked is the token's row, where it has one (authtoken, knox), and the user's. To delete the token waits for
that by itself. A revocation that writes anything else (simplejwt's blacklist, a session) is put into revoking():

    with revoking(request.user):
        RefreshToken(request.data["refresh"]).blacklist()

The body is read before the transaction begins, so that a slow sender holds no lock. What the handler raises rolls
the transaction back. Mail, tasks and calls belong into transaction.on_commit().
"""

from contextlib import contextmanager

from django.db import connection, transaction
from rest_framework.exceptions import AuthenticationFailed

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class AtomicAuthMixin:
    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        name = request.method.lower()
        handler = getattr(self, name, None)
        if request.method in SAFE_METHODS or request.auth is None or handler is None:
            return

        def handle(request, *args, **kwargs):
            # Reads the whole body.
            request.data
            with transaction.atomic():
                self.authenticate_again(request)
                return handler(request, *args, **kwargs)

        # dispatch() asks this instance for its handler, and the instance is made for one request.
        setattr(self, name, handle)

    def authenticate_again(self, request):
        """Locks the token and its user until the transaction ends, then asks the view's authenticators once more."""
        lock(request.auth)
        lock(request.user)
        # In statements of their own: at READ COMMITTED they see what was committed before the locks were had.
        for authenticator in self.get_authenticators():
            if authenticator.authenticate(request) is not None:
                return
        raise AuthenticationFailed("The token is no longer valid.", code="not_authenticated")


@contextmanager
def revoking(user):
    """A transaction that waits for those that write under a token of the user."""
    with transaction.atomic():
        lock(user)
        yield


def lock(row):
    """Keeps a row as it is until the transaction ends; what is no row (a JWT) cannot be locked."""
    meta = getattr(row, "_meta", None)
    if meta is None:
        return
    # Rows that refer to this one may go on to be made.
    weaker = getattr(connection.features, "has_select_for_no_key_update", False)
    rows = meta.model._default_manager.select_for_update(**({"no_key": True} if weaker else {}))
    rows.filter(pk=row.pk).first()
`;
