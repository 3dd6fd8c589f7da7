/**
 * A settings module outside of the project that takes over the project's and replaces what leads out of this machine
 * or keeps a scan from being one. What it replaced is told on standard output by `deadheat_settings.REPLACED`.
 */
export const SETTINGS = `"""Made by deadheat prove: the project's settings, and a throw-away world around them."""
import importlib
import json
import os
from urllib.parse import unquote, urlsplit

_base = importlib.import_module(os.environ["DEADHEAT_SETTINGS"])
for _name in dir(_base):
    if _name.isupper():
        globals()[_name] = getattr(_base, _name)

REPLACED = []


def _replace(name, value, why):
    if globals().get(name) != value:
        REPLACED.append("%s: %s" % (name, why))
    globals()[name] = value


_url = urlsplit(os.environ["DEADHEAT_DATABASE"])
_port = os.environ.get("DEADHEAT_DATABASE_PORT") or _url.port
_given = globals().get("DATABASES") or {}
_databases = {}
for _alias in sorted(set(_given) | {"default"}):
    _one = _given.get(_alias) or {}
    _options = _one.get("OPTIONS") or {}
    _databases[_alias] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(_url.path[1:]),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": _url.hostname,
        "PORT": int(_port),
        "ATOMIC_REQUESTS": _one.get("ATOMIC_REQUESTS", False),
        "AUTOCOMMIT": _one.get("AUTOCOMMIT", True),
        # A connection for each thread, kept: making one takes longer than most requests.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {k: v for k, v in _options.items() if k == "isolation_level"},
    }
_engine = ((_given.get("default") or {}).get("ENGINE") or "none").rsplit(".", 1)[-1]
REPLACED.append("DATABASES: a throw-away PostgreSQL in place of %s" % _engine)
DATABASES = _databases

_replace("DEBUG", False, "off")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

if os.environ.get("DEADHEAT_MAIL_PORT"):
    REPLACED.append("EMAIL: to a server on this machine that keeps it")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = "127.0.0.1"
    EMAIL_PORT = int(os.environ["DEADHEAT_MAIL_PORT"])
    EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
    EMAIL_USE_TLS = EMAIL_USE_SSL = False
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

if any(_n.startswith(("CELERY", "BROKER")) for _n in list(globals())):
    REPLACED.append("CELERY: tasks run where they are called")
CELERY_TASK_ALWAYS_EAGER = CELERY_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = CELERY_EAGER_PROPAGATES_EXCEPTIONS = False
CELERY_BROKER_URL = BROKER_URL = "memory://"
CELERY_RESULT_BACKEND = "cache+memory://"

# A scan registers users by the hundreds, and none of their passwords protects anything.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"] + list(
    globals().get("PASSWORD_HASHERS") or ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)

_caches = globals().get("CACHES") or {}
if any("locmem" not in (_c.get("BACKEND") or "") for _c in _caches.values()):
    REPLACED.append("CACHES: in the memory of each process")
    CACHES = {
        _a: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "deadheat-" + _a}
        for _a in _caches
    }
if "cache" in str(globals().get("SESSION_ENGINE") or ""):
    _replace("SESSION_ENGINE", "django.contrib.sessions.backends.db", "in the database")

if isinstance(globals().get("REST_FRAMEWORK"), dict):
    REST_FRAMEWORK = dict(REST_FRAMEWORK)
    if REST_FRAMEWORK.get("DEFAULT_THROTTLE_CLASSES") or REST_FRAMEWORK.get("DEFAULT_THROTTLE_RATES"):
        REPLACED.append("REST_FRAMEWORK: no throttling by default")
        REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
        REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {
            _s: "1000000/second" for _s in (REST_FRAMEWORK.get("DEFAULT_THROTTLE_RATES") or {})
        }
AXES_ENABLED = False

# Log files may be anywhere, the project's folder among it.
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
_home = os.environ["DEADHEAT_HOME"]
MEDIA_ROOT = os.path.join(_home, "media")
STATIC_ROOT = os.path.join(_home, "static")
if "STORAGES" in globals():
    STORAGES = dict(STORAGES)
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    STORAGES["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
else:
    STATICFILES_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
    DEFAULT_FILE_STORAGE = "django.core.files.storage.FileSystemStorage"

if os.environ.get("DEADHEAT_TABLES") == "models":

    class _FromModels:
        def __contains__(self, _app):
            return True

        def __getitem__(self, _app):
            return None

    MIGRATION_MODULES = _FromModels()

if os.environ.get("DEADHEAT_ROWS"):
    DEADHEAT_URLCONF = ROOT_URLCONF
    ROOT_URLCONF = "deadheat_rows"

for _name, _value in json.loads(os.environ.get("DEADHEAT_OVERRIDES") or "{}").items():
    globals()[_name] = _value
`;

/** The application that gunicorn is given: the project's own module may set other settings. */
export const WSGI = `from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
`;
