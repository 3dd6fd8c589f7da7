"""What the endpoints need to know of a way to authenticate."""

from rest_framework.exceptions import AuthenticationFailed


class Scheme:
    #: The first segment of its paths.
    name = None
    #: What DRF runs before the handler: a check of its own, in no transaction and under no lock.
    authentication = None

    @classmethod
    def hold(cls, request, lock=True):
        """
        Checks the request's credential again, in the current transaction, and (with `lock`) keeps it
        from being revoked until that transaction ends. Raises AuthenticationFailed where it is gone.
        """
        raise NotImplementedError

    @classmethod
    def revoke(cls, request, lock=True):
        """Ends the request's credential; with `lock`, after everything that relies on it."""
        raise NotImplementedError


def gone(credential):
    return AuthenticationFailed(f"{credential} is no longer valid.", code="not_authenticated")
