import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkSource } from "../check.ts";
import type { CheckReport } from "../finding.ts";
import { rules } from "../rules/index.ts";
import { Sections, writeSections } from "./sections.ts";

let project: string;
let cache: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "deadheat-recall-"));
  cache = mkdtempSync(join(tmpdir(), "deadheat-recall-cache-"));
});
afterEach(() => {
  for (const folder of [project, cache]) rmSync(folder, { recursive: true, force: true });
});

type Files = Record<string, string>;

function lay(files: Files): void {
  rmSync(project, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
}

async function check(folder?: string): Promise<CheckReport> {
  const report = await checkSource(project, { now: () => 0, ...(folder ? { cache: folder } : {}) });
  return { ...report, durationMs: 0 };
}

/** The report with the memory of the runs before it is the report without one. */
async function expectSame(files: Files): Promise<CheckReport> {
  lay(files);
  const cold = await check();
  expect(JSON.stringify(await check(cache))).toBe(JSON.stringify(cold));
  return cold;
}

const memoryFile = () => join(cache, readdirSync(cache).find((one) => one.endsWith(".bin")) as string);

/** Every piece of what is kept, changed and signed again. */
function forge(change: (text: string) => string, only?: string): void {
  const [key, , directory] = readFileSync(memoryFile(), "latin1").split("\n", 3) as [string, string, string];
  const kept = Sections.read(memoryFile(), key)!;
  const pieces = (JSON.parse(directory) as [string][]).map(([name]) => {
    const text = kept.bytes(name).toString("latin1");
    return [name, Buffer.from(only && name !== only ? text : change(text), "latin1")] as const;
  });
  writeSections(memoryFile(), key, Object.fromEntries(pieces));
}

/** The file changed, and not signed. */
function spell(change: (text: string) => string): void {
  writeFileSync(memoryFile(), change(readFileSync(memoryFile(), "latin1")), "latin1");
}

const PROJECT: Files = {
  "shop/__init__.py": "",
  "shop/settings.py": `ROOT_URLCONF = "shop.urls"\nREST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}\n`,
  "shop/urls.py": `from django.urls import path
from shop import views

urlpatterns = [path("spend/<int:pk>/", views.Spend.as_view()), path("join/<int:pk>/", views.join)]
`,
  "shop/models.py": `from django.db import models

class Wallet(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    balance = models.IntegerField(default=0)
    note = models.TextField(default="")

    def spend(self, amount):
        if self.balance < amount:
            raise ValueError("too little")
        self.balance -= amount
        self.save()

class Seat(models.Model):
    wallet = models.ForeignKey(Wallet, related_name="seats", on_delete=models.CASCADE)
    name = models.CharField(max_length=20)
`,
  "shop/services.py": `from django.db import transaction
from shop.models import Seat, Wallet

def wallet_of(pk):
    return Wallet.objects.get(pk=pk)

def locked_wallet(pk):
    return Wallet.objects.select_for_update().get(pk=pk)

@transaction.atomic
def spend(pk, amount):
    wallet = wallet_of(pk)
    wallet.spend(amount)
    return wallet

def join(pk, name):
    wallet = wallet_of(pk)
    if wallet.seats.filter(name=name).exists():
        return again(pk, name)
    return Seat.objects.create(wallet=wallet, name=name)

def again(pk, name):
    if name == "":
        return None
    return join(pk, name + "x")

def describe(pk, note):
    wallet = wallet_of(pk)
    wallet.note = note
    wallet.save()

def refund(pk, amount):
    Wallet.objects.filter(pk=pk).update(balance=amount)
`,
  "shop/views.py": `from rest_framework.views import APIView
from shop import services

class Spend(APIView):
    def post(self, request, pk):
        return services.spend(pk, request.data["amount"])

def join(request, pk):
    services.describe(pk, request.POST["note"])
    return services.join(pk, request.POST["name"])
`,
};

/** What people do to a project, small and large. */
const EDITS: readonly ((files: Files) => Files)[] = [
  (files) =>
    replaced(
      files,
      "shop/services.py",
      "    wallet = wallet_of(pk)\n    wallet.spend",
      "    wallet = locked_wallet(pk)\n    wallet.spend",
    ),
  (files) =>
    replaced(
      files,
      "shop/services.py",
      "    wallet = locked_wallet(pk)\n    wallet.spend",
      "    wallet = wallet_of(pk)\n    wallet.spend",
    ),
  (files) => replaced(files, "shop/services.py", "@transaction.atomic\ndef spend", "def spend"),
  (files) =>
    replaced(
      files,
      "shop/models.py",
      "        self.save()\n",
      '        self.save(update_fields=["balance"])\n',
    ),
  (files) =>
    replaced(
      files,
      "shop/models.py",
      "        self.balance -= amount\n        self.save()",
      "        Wallet.objects.filter(pk=self.pk).update(balance=models.F('balance') - amount)",
    ),
  (files) => replaced(files, "shop/models.py", 'related_name="seats"', 'related_name="places"'),
  (files) =>
    replaced(
      files,
      "shop/services.py",
      "    wallet.save()\n\ndef refund",
      '    wallet.save(update_fields=["note"])\n\ndef refund',
    ),
  (files) =>
    replaced(
      files,
      "shop/services.py",
      "    Wallet.objects.filter(pk=pk).update(balance=amount)",
      "    pass",
    ),
  (files) => replaced(files, "shop/services.py", '    return join(pk, name + "x")', "    return None"),
  (files) =>
    replaced(
      files,
      "shop/views.py",
      "    services.describe",
      "    # deadheat: ignore[whole-row-save] nobody does\n    services.describe",
    ),
  (files) =>
    replaced(
      files,
      "shop/views.py",
      "from shop import services",
      "# a line above\n\nfrom shop import services",
    ),
  (files) =>
    replaced(
      files,
      "shop/views.py",
      "        return services.spend",
      "        # in a body\n        return services.spend",
    ),
  (files) =>
    replaced(files, "shop/views.py", "        return services.spend(", "        return services.spend("),
  (files) =>
    replaced(
      files,
      "shop/services.py",
      "def wallet_of(pk):\n    return Wallet.objects.get(pk=pk)",
      "def wallet_of(pk):\n    return locked_wallet(pk)",
    ),
  (files) => replaced(files, "shop/services.py", "def wallet_of(pk):\n", "def wallet_of(pk):\n    x = = 1\n"),
  (files) => ({
    ...files,
    "shop/more.py":
      "from shop.services import wallet_of\n\ndef more(pk):\n    w = wallet_of(pk)\n    w.balance += 1\n    w.save()\n",
  }),
  (files) => Object.fromEntries(Object.entries(files).filter(([path]) => path !== "shop/more.py")),
  (files) => ({
    ...files,
    "shop/views.py": `${files["shop/views.py"]}\ndef extra(request, pk):\n    return services.spend(pk, 1)\n`,
  }),
  (files) => ({
    ...files,
    "shop/settings.py": `${files["shop/settings.py"]}DATABASES = {"default": {"ATOMIC_REQUESTS": True}}\n`,
  }),
  () => PROJECT,
];

function replaced(files: Files, path: string, from: string, to: string): Files {
  return { ...files, [path]: (files[path] ?? "").replace(from, to) };
}

describe("a run with the memory of the one before", () => {
  it("says what a cold run says, whatever was changed in between", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(EDITS.length - 1), { minLength: 1, maxLength: 8 }), async (edits) => {
        let files = PROJECT;
        await expectSame(files);
        for (const edit of edits) {
          files = EDITS[edit]!(files);
          await expectSame(files);
        }
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  it("says so after each edit, and finds something to say", async () => {
    let files = PROJECT;
    expect((await expectSame(files)).findings.length).toBeGreaterThan(1);
    const reports = new Set<string>();
    for (const edit of EDITS) {
      files = edit(files);
      reports.add(JSON.stringify((await expectSame(files)).findings));
    }
    expect(reports.size).toBeGreaterThan(8);
  });

  it("says so of the examples of all rules, with any function of them changed", {
    timeout: 60_000,
  }, async () => {
    const files: Files = Object.fromEntries(
      rules.flatMap((rule) =>
        [...rule.examples.racy, ...rule.examples.safe].map(
          (text, index) => [`app/${rule.id.replaceAll("-", "_")}_${index}.py`, text] as const,
        ),
      ),
    );
    await expectSame(files);
    const paths = Object.keys(files);
    for (let at = 0; at < paths.length; at += 47) {
      const path = paths[at]!;
      const changed = files[path]!.replace(/(\n {4,})(\w)/, "$1flag = True$1$2");
      await expectSame({ ...files, [path]: changed });
    }
  });

  it("is used: what the memory says of an unchanged function is what is said", async () => {
    lay(PROJECT);
    await check(cache);
    forge((text) =>
      text.replaceAll(/"message":"((?:[^"\\]|\\.)*)"/g, (_, one) => `"message":"${"f".repeat(one.length)}"`),
    );
    lay(EDITS[10]!(PROJECT));
    const { findings } = await check(cache);
    // Requests are followed again: they lead through the file that has changed.
    const ofFunctions = findings.filter((one) => rules.some((rule) => rule.id === one.rule));
    expect(ofFunctions.length).toBeGreaterThan(0);
    expect(ofFunctions.every((one) => /^f+$/.test(one.message))).toBe(true);
  });

  it("is kept where a function is called from the decorator of another one", async () => {
    lay({
      ...PROJECT,
      "shop/limits.py": `from shop.services import wallet_of

def limited(view):
    def inner(request, pk):
        if wallet_of(pk).seats.count() > 3:
            return None
        return view(request, pk)
    return inner

@limited
def limited_join(request, pk):
    wallet = wallet_of(pk)
    wallet.note = "joined"
    wallet.save()
`,
    });
    await check(cache);
    expect(readdirSync(cache).some((one) => one.endsWith(".bin"))).toBe(true);
  });

  it("is not used when it was cut off, changed, of another version, or of another project", async () => {
    const files = EDITS[10]!(PROJECT);
    const spoil: (() => void)[] = [
      () => truncateSync(memoryFile(), Math.floor(statSync(memoryFile()).size / 2)),
      () => truncateSync(memoryFile(), statSync(memoryFile()).size - 1),
      () => truncateSync(memoryFile()),
      () => spell((text) => text.replace(/"message":"[^"]*"/g, '"message":"f"')),
      () => spell((text) => text.replace(/^deadheat ./, "deadheat z")),
      () => writeFileSync(memoryFile(), "null\nnull\nnull\n"),
      () => forge((text) => text.slice(0, text.length / 2)),
    ];
    for (const change of spoil) {
      lay(PROJECT);
      rmSync(cache, { recursive: true, force: true });
      await check(cache);
      change();
      lay(files);
      const cold = await check();
      expect(JSON.stringify(await check(cache))).toBe(JSON.stringify(cold));
    }
  });
});
