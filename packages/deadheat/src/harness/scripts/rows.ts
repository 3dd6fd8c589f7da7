/**
 * The project's own routes and one more: makes a row of a model, for whoever calls, in the throw-away database. Views that
 * look a row up may have no operation that makes one. It is served only where the script that makes users was allowed.
 */
export const ROWS = `"""Made by deadheat prove: the project's routes, and one that makes rows."""
import datetime
import importlib
import json
import os
import secrets
import uuid

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

_base = importlib.import_module(settings.DEADHEAT_URLCONF)
for _name in dir(_base):
    if not _name.startswith("__"):
        globals()[_name] = getattr(_base, _name)

MOST_DEPTH = 4
MUCH = 100


def caller_of(request):
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user
    try:
        from rest_framework.views import APIView

        user = APIView().initialize_request(request).user
        if user is not None and user.is_authenticated:
            return user
    except Exception:
        pass
    return get_user_model().objects.order_by("-pk").first()


def text_for(field):
    value = secrets.token_hex(8)
    return value[: field.max_length] if field.max_length else value


def value_for(field, owner, filled, depth):
    if field.is_relation:
        if issubclass(owner.__class__, field.related_model):
            return None if field.null and not owns(field) else owner
        if field.null or depth > MOST_DEPTH:
            return None
        return make(field.related_model, owner, filled, depth + 1)
    if isinstance(field, (models.IntegerField, models.DecimalField, models.FloatField)):
        if field.name in filled:
            return MUCH
        if field.has_default():
            return field.get_default()
        return None if field.null else (secrets.randbelow(10**6) if field.unique else 1)
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return datetime.date.today()
    if isinstance(field, models.TimeField):
        return datetime.time(12)
    if isinstance(field, models.DurationField):
        return datetime.timedelta(minutes=1)
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.EmailField):
        return secrets.token_hex(6) + "@example.com"
    if isinstance(field, models.URLField):
        return "http://127.0.0.1/" + secrets.token_hex(6)
    if isinstance(field, models.GenericIPAddressField):
        return "127.0.0.1"
    if isinstance(field, models.BinaryField):
        return b""
    if isinstance(field, models.FileField):
        return ""
    if isinstance(field, (models.CharField, models.TextField)):
        return "" if field.blank and not field.unique else text_for(field)
    kind = field.get_internal_type()
    return {} if kind == "JSONField" else [] if kind == "ArrayField" else text_for(field)


def owns(field):
    return not field.null or any(word in field.name for word in ("owner", "user", "author", "creator", "account"))


def make(model, owner, filled, depth=0):
    values = {}
    for field in model._meta.concrete_fields:
        if field.primary_key and (isinstance(field, models.AutoField) or field.has_default()):
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            continue
        values[field.name] = value_for(field, owner, filled, depth)
    return model._base_manager.create(**values)


def complete(owner, filled):
    """What there is one of for each user: a profile, a wallet."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.one_to_one and not field.primary_key and field.related_model is owner.__class__:
                if model.__module__.split(".")[0] not in ("django", "rest_framework", "allauth", "knox"):
                    if not model._base_manager.filter(**{field.name: owner}).exists():
                        make(model, owner, filled)


@csrf_exempt
def deadheat_row(request):
    asked = json.loads(request.body)
    module, _, name = asked["model"].partition(":")
    fitting = [m for m in apps.get_models() if m.__name__ == name]
    exact = [m for m in fitting if m.__module__ == module or m.__module__.endswith("." + module) or module.endswith("." + m.__module__)]
    model = (exact or fitting)[0]
    owner = caller_of(request)
    complete(owner, asked["filled"])
    # One a user: the one that is there is the one to take.
    single = next((f for f in model._meta.concrete_fields if f.one_to_one and f.related_model is owner.__class__), None)
    row = model._base_manager.filter(**{single.name: owner}).first() if single else None
    row = row or make(model, owner, asked["filled"])
    return JsonResponse({"value": str(getattr(row, "pk" if asked["field"] in ("pk", "id") else asked["field"]))}, status=201)


urlpatterns = [path("deadheat-rows/", deadheat_row)] + list(_base.urlpatterns)
`;

/** Where it is served. */
export const ROWS_PATH = "/deadheat-rows/";
