import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const MANAGE = `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;

export const SETTINGS = `SECRET_KEY = "nobody's"
DEBUG = True
ROOT_URLCONF = "mini.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "rest_framework.authtoken", "mini"]
MIDDLEWARE = []
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
`;

const MODELS = `from django.conf import settings
from django.db import models


class Wallet(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    points = models.IntegerField(default=0)
`;

const VIEWS = `from django.contrib.auth import authenticate, get_user_model
from rest_framework import serializers
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from mini.models import Wallet


class NewUser(serializers.Serializer):
    username = serializers.CharField(max_length=100)
    password = serializers.CharField(write_only=True)


class Register(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def post(self, request):
        serializer = NewUser(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = get_user_model().objects.create_user(**serializer.validated_data)
        Wallet.objects.create(user=user)
        return Response({"id": user.pk}, status=201)


class Login(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    def post(self, request):
        user = authenticate(username=request.data["username"], password=request.data["password"])
        if user is None:
            return Response({"detail": "no"}, status=401)
        return Response({"token": Token.objects.get_or_create(user=user)[0].key})


class Points(APIView):
    def get(self, request):
        return Response({"points": request.user.wallet.points})

    def post(self, request):
        wallet = Wallet.objects.get(user=request.user)
        wallet.points += int(request.data["points"])
        wallet.save()
        return Response({"points": wallet.points})
`;

const URLS = `from django.urls import path

from mini import views

urlpatterns = [
    path("register/", views.Register.as_view()),
    path("login/", views.Login.as_view()),
    path("points/", views.Points.as_view()),
]
`;

const FILES: Readonly<Record<string, string>> = {
  "manage.py": MANAGE,
  "mini/__init__.py": "",
  "mini/settings.py": SETTINGS,
  "mini/models.py": MODELS,
  "mini/views.py": VIEWS,
  "mini/urls.py": URLS,
};

/** A small Django project in a folder of its own, with some of its files replaced or added. */
export function djangoProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-mini-"));
  for (const [name, text] of Object.entries({ ...FILES, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What these projects import, as Debian's packages. */
export const DJANGO_NEEDS = {
  "python3-djangorestframework": ["/usr/bin/python3", "-c", "import django, rest_framework.authtoken"],
  "python3-psycopg2": ["/usr/bin/python3", "-c", "import psycopg2"],
  gunicorn: ["/usr/bin/python3", "-c", "import gunicorn"],
} as const;
