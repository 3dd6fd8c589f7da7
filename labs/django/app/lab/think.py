"""The work that real handlers do between check and act, as plain waiting."""

import time

from lab import switches

SECONDS = switches.think_seconds()


def think():
    if SECONDS > 0:
        time.sleep(SECONDS)
