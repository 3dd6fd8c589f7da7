"""One transaction, tried again where the database says that it may succeed the next time."""

import random
import time

from django.db import OperationalError, connection, transaction

MOST_ATTEMPTS = 30
# PostgreSQL: serialization_failure, deadlock_detected.
RETRYABLE = {"40001", "40P01"}


def transact(work):
    """
    Calls `work` in a transaction of its own and returns what it returned; an exception rolls back.
    It may be called more than once, so all that it does must be in the database.
    """
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            # Inside of somebody else's transaction (ATOMIC_REQUESTS) only that one can be tried again.
            final = attempt == MOST_ATTEMPTS or connection.in_atomic_block
            if final or not may_succeed_again(error):
                raise
        # Sixteen that failed together would fail together again.
        time.sleep(random.uniform(0, 0.01 * min(attempt, 10)))


def may_succeed_again(error):
    if connection.vendor == "sqlite":
        return "locked" in str(error)
    cause = error.__cause__
    return (getattr(cause, "pgcode", None) or getattr(cause, "sqlstate", None)) in RETRYABLE
