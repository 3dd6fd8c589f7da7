import { MARK } from "./routes.ts";

/**
 * Makes users in the throw-away database, and tokens of the kinds that are installed. It is shown before it is run, and
 * run only where that was allowed.
 */
export const USERS = `import json
import os
import secrets

import django

django.setup()
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

User = get_user_model()
made = []
for number in range(int(os.environ.get("DEADHEAT_USERS", "3"))):
    name = "deadheat%d" % number
    password = secrets.token_urlsafe(18)
    fields = {}
    for field in User._meta.concrete_fields:
        needed = field.name == User.USERNAME_FIELD or field.name in User.REQUIRED_FIELDS or field.name == "email"
        needed = needed or (field.unique and not field.primary_key and not field.null and not field.has_default())
        if not needed:
            continue
        if isinstance(field, models.EmailField) or "email" in field.name:
            fields[field.name] = name + "@example.com"
        elif isinstance(field, (models.IntegerField, models.DecimalField)):
            fields[field.name] = 1000 + number
        elif isinstance(field, models.DateField):
            fields[field.name] = "1990-01-01"
        elif not field.is_relation:
            fields[field.name] = ("15550100%d" % number) if "phone" in field.name else name
    try:
        user = User.objects.create_user(password=password, **fields)
    except TypeError:
        user = User(**fields)
        user.set_password(password)
        user.save()
    tokens = {}
    if apps.is_installed("rest_framework.authtoken"):
        from rest_framework.authtoken.models import Token

        tokens["authtoken"] = Token.objects.get_or_create(user=user)[0].key
    try:
        from rest_framework_simplejwt.tokens import RefreshToken

        tokens["jwt"] = str(RefreshToken.for_user(user).access_token)
    except Exception:
        pass
    if apps.is_installed("knox"):
        from knox.models import AuthToken

        tokens["knox"] = AuthToken.objects.create(user=user)[1]
    made.append(
        {
            "username": str(getattr(user, User.USERNAME_FIELD)),
            "email": str(getattr(user, "email", "") or ""),
            "password": password,
            "tokens": tokens,
        }
    )
print("${MARK}" + json.dumps(made))
`;
