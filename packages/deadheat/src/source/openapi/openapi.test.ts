import { describe, expect, it } from "vitest";
import { Program } from "../effects/program.ts";
import { judge } from "../judge.ts";
import { loadGrammar } from "../parse/grammar.ts";
import { parsePython } from "../parse/parse.ts";
import { Models } from "../project/models.ts";
import { Project } from "../project/project.ts";
import { scanModule } from "../project/scan.ts";
import { readSettings } from "../project/settings.ts";
import { mergeDocuments, sourceDocument } from "./index.ts";

const grammar = await loadGrammar();

// biome-ignore lint/suspicious/noExplicitAny: a document is read by path in these tests
type Any = any;

function documentOf(files: Readonly<Record<string, string>>): Any {
  const modules = Object.entries(files).map(([path, text]) =>
    scanModule(path, text, parsePython(text, grammar)),
  );
  const project = new Project(modules);
  const settings = readSettings(modules);
  const program = new Program(project, new Models(project, settings.userModel), settings);
  return sourceDocument(program, { title: "t", findings: judge(program).findings }).document;
}

const urls = (views: string) =>
  `from django.urls import path, include\nfrom . import views\nurlpatterns = [${views}]\n`;
const bodyOf = (operation: Any, type = "application/json") => operation.requestBody.content[type].schema;
const answerOf = (operation: Any, status = "200") =>
  operation.responses[status].content["application/json"].schema;

describe("sourceDocument", () => {
  it("reads a plain view: its keys, their types, its answer and the header that it checks", () => {
    const { paths, components } = documentOf({
      "shop/models.py":
        "from django.db import models\nclass Profile(models.Model):\n    score = models.IntegerField(default=0)\n    nick = models.CharField(max_length=9)\n",
      "shop/urls.py": urls('path("score/", views.add)'),
      "shop/views.py": `import json
from django.http import JsonResponse
def add(request):
    auth = request.headers.get("Authorization", "")
    if not auth.startswith("Bearer "):
        return JsonResponse({"error": "who?"}, status=401)
    data = json.loads(request.body)
    kind = data["kind"]
    if kind not in ("up", "down"):
        return JsonResponse({"error": "kind"}, status=400)
    profile = Profile.objects.get(user=request.user)
    profile.score += data.get("score", 0)
    profile.save()
    return JsonResponse({"score": profile.score, "nick": profile.nick}, status=201)
`,
    });
    const { post } = paths["/score/"];
    expect(bodyOf(post)).toEqual({
      type: "object",
      properties: { kind: { type: "string", enum: ["up", "down"] }, score: { type: "integer" } },
      required: ["kind"],
    });
    expect(answerOf(post, "201").properties).toEqual({
      score: { type: "integer" },
      nick: { type: "string" },
    });
    expect(Object.keys(post.responses)).toEqual(["201", "400", "401"]);
    expect(post.security).toEqual([{ bearerAuth: [] }]);
    expect(components.securitySchemes.bearerAuth).toEqual({ type: "http", scheme: "bearer" });
    expect(post["x-deadheat"]).toEqual({ accumulates: ["score"] });
  });

  it("takes a form where the view reads request.POST, and numbers by what is done with them", () => {
    const { paths } = documentOf({
      "shop/urls.py": urls('path("pay/<int:pk>/", views.pay)'),
      "shop/views.py": `from django.views.decorators.http import require_POST
@require_POST
def pay(request, pk):
    amount = int(request.POST["amount"])
    note = request.POST.get("note", "")
    Account.objects.filter(pk=pk).update(note=note)
    return HttpResponse(status=204)
`,
    });
    const { post } = paths["/pay/{pk}/"];
    expect(bodyOf(post, "application/x-www-form-urlencoded").properties.amount).toEqual({ type: "integer" });
    expect(Object.keys(post.responses)).toEqual(["204"]);
    expect(post.parameters[0]).toMatchObject({ name: "pk", in: "path" });
  });

  it("reads serializers through their models, Meta of Meta and extra_kwargs", () => {
    const { paths, components } = documentOf({
      "settings.py":
        'REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"], "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}\n',
      "models.py":
        "from django.db import models\nclass Item(models.Model):\n    title = models.CharField(max_length=40)\n    price = models.DecimalField(max_digits=5, decimal_places=2)\n    note = models.TextField(blank=True)\n    made = models.DateTimeField(auto_now_add=True)\n",
      "serializers.py": `from rest_framework import serializers
from models import Item
class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ["id", "title", "price"]
class DetailSerializer(ItemSerializer):
    class Meta(ItemSerializer.Meta):
        fields = ItemSerializer.Meta.fields + ["note", "made"]
        extra_kwargs = {"title": {"write_only": True}}
`,
      "urls.py": `from django.urls import path, include
from rest_framework.routers import DefaultRouter
from views import ItemViewSet
router = DefaultRouter()
router.register("items", ItemViewSet)
urlpatterns = [path("", include(router.urls))]
`,
      "views.py": `from rest_framework import viewsets
from serializers import ItemSerializer, DetailSerializer
class ItemViewSet(viewsets.ModelViewSet):
    serializer_class = DetailSerializer
    def get_serializer_class(self):
        if self.action == "list":
            return ItemSerializer
        return self.serializer_class
`,
    });
    expect(Object.keys(paths)).toEqual(["/items/", "/items/{pk}/"]);
    expect(answerOf(paths["/items/"].get).items.properties).toHaveProperty("title");
    expect(bodyOf(paths["/items/"].post)).toEqual({
      type: "object",
      properties: {
        title: { type: "string", maxLength: 40 },
        price: { type: "string", format: "decimal", pattern: "^-?\\d{0,3}(?:\\.\\d{0,2})?$" },
        note: { type: "string" },
      },
      required: ["title", "price"],
    });
    expect(Object.keys(answerOf(paths["/items/"].post, "201").properties)).toEqual([
      "id",
      "price",
      "note",
      "made",
    ]);
    expect(paths["/items/{pk}/"].patch.requestBody.required).toBeUndefined();
    expect(paths["/items/{pk}/"].delete.responses).toHaveProperty("204");
    expect(components.securitySchemes.tokenAuth.description).toContain('"Token"');
  });

  it("knows the ways in which libraries and projects carry tokens", () => {
    const { paths, components } = documentOf({
      "settings.py": 'SIMPLE_JWT = {"AUTH_HEADER_TYPES": ("JWT",)}\n',
      "auth.py": `from rest_framework.authentication import BaseAuthentication, TokenAuthentication
class Worded(TokenAuthentication):
    keyword = "Bearer"
class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return Key.objects.get(secret=request.META.get("HTTP_X_API_KEY")).user, None
class CookieAuthentication(BaseAuthentication):
    def authenticate(self, request):
        return Key.objects.get(secret=request.COOKIES.get("session_token")).user, None
`,
      "views.py": `from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication
from auth import Worded, ApiKeyAuthentication, CookieAuthentication
class A(APIView):
    authentication_classes = [Worded]
    permission_classes = [IsAuthenticated]
    def get(self, request): return Response({})
class B(A):
    authentication_classes = [JWTAuthentication]
class C(A):
    authentication_classes = [ApiKeyAuthentication]
class D(A):
    authentication_classes = [CookieAuthentication]
class E(A):
    permission_classes = [AllowAny]
    def get(self, request): return Response({"n": 1})
`,
      "urls.py": `from django.urls import path
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework_simplejwt.views import TokenObtainPairView
import views
urlpatterns = [path("a", views.A.as_view()), path("b", views.B.as_view()), path("c", views.C.as_view()),
  path("d", views.D.as_view()), path("e", views.E.as_view()), path("token", obtain_auth_token),
  path("jwt", TokenObtainPairView.as_view()), path("admin/", views.A.as_view())]
`,
    });
    const schemeOf = (path: string) =>
      components.securitySchemes[Object.keys(paths[path].get.security.at(-1))[0]!];
    expect(schemeOf("/a")).toEqual({ type: "http", scheme: "bearer" });
    expect(schemeOf("/b").description).toContain('"JWT"');
    expect(schemeOf("/c")).toEqual({ type: "apiKey", in: "header", name: "x-api-key" });
    expect(schemeOf("/d")).toEqual({ type: "apiKey", in: "cookie", name: "session_token" });
    expect(paths["/e"].get.security).toContainEqual({});
    expect(paths["/token"].post["x-deadheat"]).toEqual({ lifecycle: "login" });
    expect(answerOf(paths["/jwt"].post).properties).toHaveProperty("refresh");
    expect(paths).not.toHaveProperty("/admin/");
  });
});

describe("mergeDocuments", () => {
  const derived = {
    paths: {
      "/a/{pk}/": {
        get: { operationId: "mine", parameters: [{ name: "pk", in: "path" }] },
        delete: { parameters: [{ name: "pk", in: "path" }] },
      },
    },
    components: { securitySchemes: { t: { type: "http" } } },
  };

  it("lets the document go first, adds what it lacks, and takes over its parameters' names", () => {
    const existing = { openapi: "3.0.3", paths: { "/a/{id}/": { get: { operationId: "theirs" } } } };
    const { document, added } = mergeDocuments(existing, derived) as Any;
    expect(added).toBe(1);
    expect(document.openapi).toBe("3.0.3");
    expect(document.paths["/a/{id}/"].get.operationId).toBe("theirs");
    expect(document.paths["/a/{id}/"].delete.parameters).toEqual([{ name: "id", in: "path" }]);
    expect(document.components.securitySchemes).toEqual({ t: { type: "http" } });
    expect(existing.paths["/a/{id}/"]).not.toHaveProperty("delete");
  });
});

describe("what is not declared", () => {
  it("a permission of the project's own may let anybody read: the document does not say that a token is needed", () => {
    const { paths } = documentOf({
      "views.py": `from rest_framework import permissions, viewsets
from rest_framework.authentication import TokenAuthentication
class OwnOnly(permissions.BasePermission):
    def has_object_permission(self, request, view, obj):
        return request.method in permissions.SAFE_METHODS or obj.user == request.user
class Strict(permissions.BasePermission):
    def has_permission(self, request, view):
        return request.user.is_authenticated
class Loose(viewsets.ReadOnlyModelViewSet):
    authentication_classes = (TokenAuthentication,)
    permission_classes = (OwnOnly,)
class Firm(Loose):
    permission_classes = (Strict,)
`,
      "urls.py": `from django.urls import path
import views
urlpatterns = [path("loose/", views.Loose.as_view({"get": "list"})), path("firm/", views.Firm.as_view({"get": "list"}))]
`,
    });
    expect(paths["/loose/"].get.security).toEqual([{}, { tokenAuth: [] }]);
    expect(paths["/firm/"].get.security).toEqual([{ tokenAuth: [] }]);
  });

  it("says which row a path names where no route makes one, and which columns are taken from", () => {
    const { paths } = documentOf({
      "shop/models.py": `from django.db import models
class Seat(models.Model):
    row = models.CharField(max_length=9)
    left = models.IntegerField(default=0)
    used = models.IntegerField(default=0)
`,
      "shop/urls.py": urls(
        'path("seats/<str:row>/take/", views.take), path("seats/<int:pk>/", views.SeatView.as_view())',
      ),
      "shop/views.py": `from rest_framework import generics
from rest_framework.decorators import api_view
from rest_framework.response import Response
from django.shortcuts import get_object_or_404
from .models import Seat

@api_view(["POST"])
def take(request, row):
    seat = get_object_or_404(Seat, pk=row)
    if seat.left < 1 or seat.used < 0:
        return Response(status=409)
    seat.left -= 1
    seat.used += 1
    seat.save()
    return Response({"left": seat.left})

class SeatView(generics.RetrieveAPIView):
    lookup_field = "row"
    def get_queryset(self):
        return Seat.objects.filter(left__gt=0)
`,
    });
    const row = { model: "shop.models:Seat", filled: ["left"] };
    expect(paths["/seats/{row}/take/"].post["x-deadheat"].row).toEqual({ ...row, field: "pk" });
    expect(paths["/seats/{pk}/"].get["x-deadheat"].row).toEqual({ ...row, field: "row" });
  });

  it("links what a path names to the one route that makes it", () => {
    const { paths } = documentOf({
      "models.py":
        "from django.db import models\nclass Account(models.Model):\n    balance = models.IntegerField()\n",
      "views.py": `from django.shortcuts import get_object_or_404
from django.http import JsonResponse
from models import Account
def open_account(request):
    account = Account.objects.create(balance=int(request.POST["balance"]))
    return JsonResponse({"id": account.pk}, status=201)
def deposit(request, pk):
    account = get_object_or_404(Account, pk=pk)
    account.balance += int(request.POST["amount"])
    account.save()
    return JsonResponse({"balance": account.balance})
`,
      "urls.py": `from django.urls import path
import views
urlpatterns = [path("accounts/open/", views.open_account), path("accounts/deposit/<int:pk>/", views.deposit)]
`,
    });
    expect(paths["/accounts/deposit/{pk}/"].post["x-deadheat"].links).toEqual({ pk: "POST /accounts/open/" });
  });
});
