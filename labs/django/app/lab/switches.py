"""What can be switched from outside, by environment variables that all begin with LAB_."""

import os
from urllib.parse import unquote, urlsplit

ISOLATION_LEVELS = ("read-committed", "repeatable-read", "serializable")


def _isolation_level(name):
    try:
        from psycopg2 import extensions
    except ImportError:
        # Django 4.2 and newer, with the third generation of the driver.
        from psycopg import IsolationLevel

        return IsolationLevel[name.replace("-", "_").upper()]
    return getattr(extensions, "ISOLATION_LEVEL_" + name.replace("-", "_").upper())


def think_seconds():
    """Time between check and act in every handler that changes something."""
    return float(os.environ.get("LAB_THINK_MS", "0")) / 1000


def atomic_requests():
    return os.environ.get("LAB_ATOMIC_REQUESTS") == "1"


def secret_key():
    """Signs the JWTs: a new one with every start, so that no token outlives its lab."""
    return os.environ["LAB_SECRET_KEY"]


def database():
    """The DATABASES entry for LAB_DATABASE: `postgres://…`, or the path of an SQLite file."""
    address = os.environ["LAB_DATABASE"]
    common = {"ATOMIC_REQUESTS": atomic_requests()}
    if not address.startswith("postgres"):
        return {**common, "ENGINE": "django.db.backends.sqlite3", "NAME": address}
    url = urlsplit(address)
    isolation = os.environ.get("LAB_ISOLATION", ISOLATION_LEVELS[0])
    return {
        **common,
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port,
        # A connection for each thread, kept: making one takes longer than most requests.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"isolation_level": _isolation_level(isolation)},
    }
