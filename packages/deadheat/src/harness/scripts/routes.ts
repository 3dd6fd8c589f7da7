/** Stands before what a script answers, in one line of JSON: a project may print what it likes. */
export const MARK = "deadheat-answer:";
/** Stands before the name of each step that a script begins. */
export const STEP = "deadheat-step:";

/**
 * Gets a project ready in one process: loads it, makes its tables, and tells its routes, computed ones too, and the
 * document that drf-spectacular makes of it.
 */
export const PREPARE = `import inspect
import json
import os


def step(name):
    print("${STEP}" + name, flush=True)


step("settings")
import django

django.setup()
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

get_resolver().url_patterns

step("migrate")
from django.db import connection
from django.db.migrations.loader import MigrationLoader

if "contenttypes" in MigrationLoader(connection).migrated_apps:
    # What has no migrations comes after what has: its tables may refer to those.
    call_command("migrate", interactive=False, verbosity=0)
call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
fixtures = json.loads(os.environ["DEADHEAT_FIXTURES"])
if fixtures:
    step("fixtures")
    call_command("loaddata", *fixtures, verbosity=0)
step("routes")


def pattern_of(one):
    pattern = one.pattern
    text = getattr(pattern, "_route", None)
    if text is not None:
        return {"kind": "route", "text": str(text)}
    return {"kind": "regex", "text": str(getattr(pattern, "_regex", pattern))}


def name_of(thing):
    name = getattr(thing, "__qualname__", type(thing).__name__)
    if "<locals>" in name or "WrappedAPIView" in name:
        # What @api_view and as_view() make is called as what they were given.
        name = getattr(thing, "__name__", name)
    return "%s.%s" % (getattr(thing, "__module__", ""), name)


def unwrapped(callback):
    seen = set()
    while hasattr(callback, "__wrapped__") and id(callback) not in seen:
        seen.add(id(callback))
        callback = callback.__wrapped__
    return callback


def argument_facts(kwargs):
    """What as_view() was given: classes by their names, and constants."""
    facts = {}
    for key, value in kwargs.items():
        if inspect.isclass(value):
            facts[key] = {"class": name_of(value)}
        elif value is None or isinstance(value, (bool, int, str)):
            facts[key] = {"value": value}
    return facts


def class_facts(cls, kwargs):
    facts = {"view": name_of(cls), "bases": [name_of(c) for c in cls.__mro__[1:-1]]}
    rest = hasattr(cls, "authentication_classes")
    facts["rest"] = rest
    if not rest:
        return facts
    authenticators = [c() if inspect.isclass(c) else c for c in getattr(cls, "authentication_classes", [])]
    permissions = list(getattr(cls, "permission_classes", []))
    try:
        view = cls(**kwargs)
        view.request = None
        view.args, view.kwargs = (), {}
        view.format_kwarg = None
        # An action may have its own.
        permissions = list(view.permission_classes)
        authenticators = view.get_authenticators()
    except Exception:
        pass
    facts["authenticators"] = [
        {
            "name": name_of(type(a)),
            "bases": [name_of(c) for c in type(a).__mro__[1:-1]],
            "keyword": a.keyword if isinstance(getattr(a, "keyword", None), str) else None,
        }
        for a in authenticators
    ]
    facts["permissions"] = [getattr(p, "__name__", type(p).__name__) for p in permissions]
    return facts


found = []


def walk(patterns, prefix):
    for one in patterns:
        way = prefix + [pattern_of(one)]
        if isinstance(one, URLResolver):
            walk(one.url_patterns, way)
        elif isinstance(one, URLPattern):
            callback = one.callback
            kwargs = getattr(callback, "initkwargs", None) or getattr(callback, "view_initkwargs", None) or {}
            inner = unwrapped(callback)
            cls = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
            cls = cls or getattr(inner, "cls", None) or getattr(inner, "view_class", None)
            entry = {"patterns": way, "function": name_of(inner)}
            if cls is not None:
                actions = getattr(callback, "actions", None)
                names = getattr(cls, "http_method_names", [])
                entry["actions"] = actions or {
                    m: m for m in names if hasattr(cls, m) and m not in ("options", "head", "trace")
                }
                entry["arguments"] = argument_facts(kwargs)
                entry.update(class_facts(cls, kwargs))
            found.append(entry)


walk(get_resolver().url_patterns, [])

document = None
if "drf_spectacular" in settings.INSTALLED_APPS:
    try:
        from drf_spectacular.generators import SchemaGenerator

        document = SchemaGenerator().get_schema(request=None, public=True)
    except Exception:
        document = None

replaced = []
try:
    import deadheat_settings

    replaced = deadheat_settings.REPLACED
except Exception:
    pass
print("${MARK}" + json.dumps({"routes": found, "document": document, "replaced": replaced}, default=str))
`;
