"""Prints, as JSON, what Django itself says of a project: its routes and its models' unique sets."""

import json
import os
import sys

sys.path.insert(0, sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[2]

import django
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver

# Applications beside the project's own.
settings.INSTALLED_APPS = list(settings.INSTALLED_APPS) + sys.argv[4].split(",")
django.setup()


def walk(patterns, prefix):
    for one in patterns:
        route = prefix + [(type(one.pattern).__name__, str(one.pattern))]
        if isinstance(one, URLPattern):
            view = getattr(one.callback, "view_class", getattr(one.callback, "cls", None))
            actions = getattr(one.callback, "actions", None)
            if actions:
                methods = sorted(actions)
            elif view is not None:
                methods = [m for m in ("get", "post", "put", "patch", "delete") if m in view.http_method_names and hasattr(view, m)]
            else:
                methods = ["any"]
            yield {"route": route, "methods": methods}
        else:
            yield from walk(one.url_patterns, route)


def unique_sets(model):
    meta = model._meta
    sets = [[f.name] for f in meta.local_fields if f.unique and not f.auto_created]
    if meta.pk.auto_created:
        sets.append(["id"])
    sets += [list(one) for one in meta.unique_together]
    sets += [list(one.fields) for one in meta.constraints if type(one).__name__ == "UniqueConstraint"]
    return sorted(sorted(one) for one in sets)


models = {}
for label in sys.argv[3].split(","):
    for model in apps.get_app_config(label).get_models():
        models[model.__name__] = {
            "fields": sorted(f.name for f in model._meta.local_fields if not f.auto_created) + sorted(f.name for f in model._meta.local_many_to_many),
            "unique": unique_sets(model),
        }
routes = {urlconf: list(walk(get_resolver(urlconf).url_patterns, [])) for urlconf in sys.argv[5].split(",")}
print(json.dumps({"routes": routes, "models": models}))
