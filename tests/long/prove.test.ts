import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ProveReport, proveReportSchema } from "../../packages/deadheat/src/findings/prove-report.ts";
import { type VerifyReport, verifyReportSchema } from "../../packages/deadheat/src/findings/verify-report.ts";
import { run, start } from "../support/command.ts";
import { lacking } from "../support/debian.ts";
import { DJANGO_NEEDS, djangoProject } from "../support/django-project.ts";
import { eventually, processesMarked } from "../support/processes.ts";

const skipped = await lacking(DJANGO_NEEDS);
if (skipped) console.warn(`SKIPPED, prove: ${skipped}`);
const PYTHON = ["--python", "/usr/bin/python3"];
const LIMIT_MS = 240_000;

/** Registration and login are gone; a wallet is made when it is asked for. */
const WITHOUT_LOGIN = {
  "mini/urls.py": `from django.urls import path
from mini import views
urlpatterns = [path("points/", views.Points.as_view())]
`,
  "mini/views.py": `from rest_framework.response import Response
from rest_framework.views import APIView
from mini.models import Wallet
class Points(APIView):
    def wallet(self):
        return Wallet.objects.get_or_create(user=self.request.user)[0]
    def get(self, request):
        return Response({"points": self.wallet().points})
    def post(self, request):
        wallet = self.wallet()
        wallet.points += int(request.data["points"])
        wallet.save()
        return Response({"points": wallet.points})
`,
};

/** Nobody can make a wallet or a voucher by the API. */
const WITHOUT_MAKERS = {
  "mini/models.py": `from django.conf import settings
from django.db import models
class Wallet(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    points = models.IntegerField(default=0)
class Voucher(models.Model):
    code = models.CharField(max_length=12, unique=True)
    left = models.IntegerField(default=0)
    kind = models.ForeignKey("Kind", on_delete=models.CASCADE)
class Kind(models.Model):
    name = models.CharField(max_length=20)
`,
  "mini/urls.py": `from django.urls import path
from mini import views
urlpatterns = [
    path("wallets/<int:pk>/", views.wallet),
    path("wallets/<int:pk>/deposit/", views.deposit),
    path("vouchers/<str:code>/", views.Vouchers.as_view()),
]
`,
  "mini/views.py": `from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView
from mini.models import Voucher, Wallet
@api_view(["GET"])
def wallet(request, pk):
    return Response({"points": get_object_or_404(Wallet, pk=pk, user=request.user).points})
@api_view(["POST"])
def deposit(request, pk):
    wallet = get_object_or_404(Wallet, pk=pk, user=request.user)
    wallet.points += int(request.data["points"])
    wallet.save()
    return Response({"points": wallet.points})
class Vouchers(APIView):
    def get(self, request, code):
        return Response({"left": get_object_or_404(Voucher, code=code).left})
    def post(self, request, code):
        voucher = get_object_or_404(Voucher, code=code)
        if voucher.left < 1:
            return Response(status=409)
        voucher.left -= 1
        voucher.save()
        return Response({"left": voucher.left})
`,
};

const WITH_COOKIES = {
  "mini/authentication.py": `from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
class CookieAuthentication(BaseAuthentication):
    def authenticate(self, request):
        token = Token.objects.filter(key=request.COOKIES.get("session_token")).first()
        return (token.user, token) if token else None
`,
  "mini/settings.py": readSettings().replace(
    "rest_framework.authentication.TokenAuthentication",
    "mini.authentication.CookieAuthentication",
  ),
};

function readSettings(): string {
  const folder = djangoProject();
  try {
    return readFileSync(join(folder, "mini/settings.py"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(skipped !== undefined)("deadheat prove", () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const one of folders) rmSync(one, { recursive: true, force: true });
  });
  const project = (files: Readonly<Record<string, string>> = {}) => {
    const root = djangoProject(files);
    folders.push(root);
    return root;
  };
  const prove = async (root: string, ...args: string[]) => {
    const { code, stdout, stderr } = await run(
      ["prove", ".", ...PYTHON, "--format", "json", "--seed", "t", ...args],
      { cwd: root },
    );
    const report = JSON.parse(stdout || "{}") as ProveReport;
    expect(proveReportSchema.safeParse(report).error, stderr).toBeUndefined();
    return { code, report, stderr };
  };
  it(
    "makes rows that paths name and no operation makes, the one of each user among them",
    async () => {
      const root = project(WITHOUT_MAKERS);
      const { code, report, stderr } = await prove(root, "--yes", "--no-fix");
      expect(code, stderr).toBe(1);
      const found = report.findings
        .filter((one) => one.status === "proven")
        .map(({ weakness, operation }) => `${weakness} ${operation.method} ${operation.path}`);
      expect(found).toEqual(
        expect.arrayContaining([
          "lost-update POST /wallets/{pk}/deposit/",
          "lost-update POST /vouchers/{code}/",
        ]),
      );
      expect(report.omitted).toEqual([]);
    },
    LIMIT_MS,
  );

  const verify = async (root: string) => {
    const { code, stdout } = await run(["verify", ".deadheat/t/prove.json", "--format", "json"], {
      cwd: root,
    });
    const report = JSON.parse(stdout) as VerifyReport;
    expect(verifyReportSchema.safeParse(report).error).toBeUndefined();
    return { code, statuses: report.results.map((one) => one.status), report };
  };

  it(
    "proves, fixes in a copy and verifies; verify says still racing before the patch, and gone after it",
    async () => {
      const root = project();
      const before = readFileSync(join(root, "mini/views.py"), "utf8");
      const { code, report } = await prove(root);
      expect(code).toBe(1);
      const [finding] = report.findings;
      expect(finding).toMatchObject({
        weakness: "lost-update",
        operation: { method: "POST", path: "/points/" },
        source: "found",
        fix: { status: "gone" },
      });
      expect(finding?.evidence.map(({ kind }) => kind).sort()).toEqual([
        "interleaving",
        "runtime",
        "source",
        "spec",
      ]);
      expect(finding?.fix?.bound?.schedules?.realised).toBeGreaterThan(0);
      expect(readFileSync(join(root, "mini/views.py"), "utf8")).toBe(before);
      expect(readdirSync(root).sort()).toEqual([".deadheat", "manage.py", "mini"]);
      expect(await verify(root)).toMatchObject({ code: 1, statuses: ["still-racing"] });
      execFileSync("patch", ["-p1", "-i", ".deadheat/t/fix.patch"], { cwd: root });
      const after = await verify(root);
      expect(after).toMatchObject({ code: 0, statuses: ["gone"] });
      expect(after.report.results[0]).toMatchObject({ legitimate: true });
    },
    LIMIT_MS,
  );

  it(
    "has no login endpoint: without leave nothing is judged, and with leave a script makes users",
    async () => {
      const root = project(WITHOUT_LOGIN);
      const shy = await prove(root, "--no-fix");
      expect(shy.code).toBe(3);
      expect(shy.stderr).toContain("create_user");
      expect(shy.report.suspected[0]?.raced.status).not.toBe("not-observed");
      const bold = await prove(root, "--no-fix", "--allow-script");
      expect(bold.code).toBe(1);
      expect(bold.report.findings[0]).toMatchObject({ weakness: "lost-update", source: "found" });
      // Neither a token nor a password of theirs.
      expect(`${bold.stderr}${JSON.stringify(bold.report)}`).not.toMatch(/\b[0-9a-f]{40}\b/);
    },
    LIMIT_MS,
  );

  it(
    "carries its tokens in cookies: that is told, and nothing is called clean",
    async () => {
      const { code, report } = await prove(project(WITH_COOKIES), "--no-fix");
      expect(code).toBe(3);
      expect(report.started?.notes.join()).toMatch(/cookie/);
      expect(report.findings).toEqual([]);
      expect(report.suspected.map(({ raced }) => raced.status)).toEqual(["not-raced"]);
    },
    LIMIT_MS,
  );

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "%s at several moments leaves no process, and but for a kill no file",
    async (signal) => {
      const root = project();
      for (const until of [/database PostgreSQL/, /server {3}gunicorn/, /token {4}tokenAuth/]) {
        const folder = mkdtempSync(join(tmpdir(), "deadheat-kill-"));
        chmodSync(folder, 0o755);
        const { child, said, finished } = start(["prove", root, ...PYTHON, "--output", join(root, "out")], {
          env: { TMPDIR: folder },
        });
        await said(until);
        child.kill(signal);
        const { code } = await finished;
        if (signal !== "SIGKILL") expect(code).toBe(130);
        await eventually(
          () => processesMarked(folder),
          (pids) => pids.length === 0,
        );
        const left = () => readdirSync(folder).filter((name) => !name.startsWith("tsx-"));
        if (signal !== "SIGKILL") await eventually(left, (names) => names.length === 0);
        rmSync(folder, { recursive: true, force: true });
      }
    },
    LIMIT_MS,
  );
});
