import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { holdTokens } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "deadheat-hold-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FILES = {
  "shop/urls.py": `from django.urls import path
from . import views

urlpatterns = [
    path("spend/<int:pk>/", views.Spend.as_view()),
    path("plain/", views.plain),
    path("pay/", views.Pay.as_view()),
]
`,
  "shop/views.py": `import requests
from django.db.models import F
from rest_framework.views import APIView

from .models import Purse


class Spend(APIView):
    def post(self, request, pk):
        Purse.objects.filter(pk=pk).update(coins=F("coins") - 1)


class Pay(
    APIView,  # with a card
):
    def post(self, request):
        Purse.objects.create(owner=request.user)
        requests.post("https://pay.example", json={})


def plain(request):
    return None
`,
  "shop/models.py": `from django.db import models


class Purse(models.Model):
    coins = models.IntegerField()
`,
};
for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

it("mixes the check into the views of operations, and says where it cannot", async () => {
  const { patches, held, unfixed, warnings } = await holdTokens(root, [
    { method: "POST", path: "/api/spend/{id}" },
    { method: "POST", path: "/plain/" },
    { method: "POST", path: "/pay/" },
    { method: "POST", path: "/nowhere/" },
  ]);
  expect(held).toEqual([{ operation: { method: "POST", path: "/api/spend/{id}" }, view: "Spend" }]);
  expect(unfixed.map((one) => one.reason)).toEqual([
    "the handler is a function, and its check is in its own hands",
    "requests.post leaves the process in the handler, and must not wait in a transaction",
    "no route of the source is this operation",
  ]);
  expect(warnings).toHaveLength(1);
  const views = patches.find((one) => one.file === "shop/views.py");
  expect(views?.diff).toBe(`--- a/shop/views.py
+++ b/shop/views.py
@@ -2,10 +2,11 @@
 from django.db.models import F
 from rest_framework.views import APIView
 
+from .atomic_views import AtomicAuthMixin
 from .models import Purse
 
 
-class Spend(APIView):
+class Spend(AtomicAuthMixin, APIView):
     def post(self, request, pk):
         Purse.objects.filter(pk=pk).update(coins=F("coins") - 1)
 
`);
  const module = patches.find((one) => one.file === "shop/atomic_views.py");
  expect(module?.isNew).toBe(true);
  const compiled = spawnSync("python3", ["-c", "import sys; compile(sys.stdin.read(), 'm', 'exec')"], {
    input: module?.text,
    encoding: "utf8",
  });
  expect(compiled.stderr).toBe("");
  for (const { file, text } of patches) writeFileSync(join(root, file), text);
  const again = await holdTokens(root, [{ method: "POST", path: "/spend/{pk}/" }]);
  expect(again.patches).toEqual([]);
  expect(again.unfixed[0]?.reason).toBe("its token is held already");
});

it("writes one module for all packages below one, and has the revocation take the same locks", async () => {
  const files = {
    "app/__init__.py": "",
    "app/pay/__init__.py": "",
    "app/out/__init__.py": "",
    "app/pay/views.py": `from rest_framework.views import APIView

from app.models import Purse


class Pay(APIView):
    def post(self, request):
        Purse.objects.create(owner=request.user)
`,
    "app/out/views.py": `from rest_framework.views import APIView

from app.models import Ended


class Logout(APIView):
    def post(self, request):
        Ended.objects.create(sid=request.auth["sid"])
`,
    "app/urls.py": `from django.urls import path

from app.out.views import Logout
from app.pay.views import Pay

urlpatterns = [path("pay/", Pay.as_view()), path("logout/", Logout.as_view())]
`,
  };
  const folder = join(root, "packages");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const pay = { method: "POST", path: "/pay/" };
  const earlier = files["app/pay/views.py"].replace("owner=request.user", "owner=request.user, coins=1");
  const made = await holdTokens(folder, [pay], {
    revokers: [{ method: "POST", path: "/logout/" }],
    patches: [{ file: "app/pay/views.py", text: earlier, diff: "", findingIds: ["f"], isNew: false }],
  });
  expect(made.warnings).toEqual([]);
  expect(made.patches.map(({ file }) => file).sort()).toEqual([
    "app/atomic_views.py",
    "app/out/views.py",
    "app/pay/views.py",
  ]);
  const views = made.patches.find(({ file }) => file === "app/pay/views.py");
  expect(views?.text).toContain("from ..atomic_views import AtomicAuthMixin");
  expect(views?.text).toContain("coins=1");
  expect(views?.findingIds).toEqual(["f"]);
  const alone = await holdTokens(folder, [pay], { revokers: [{ method: "POST", path: "/elsewhere/" }] });
  expect(alone.warnings).toHaveLength(1);
});
