import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkSource } from "../check.ts";
import { fixProject } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "deadheat-override-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const BASE = `from django.http import HttpResponse
from .models import Invitation


class Invitations(View):
    def create(self, request):
        sender = request.user
        if Invitation.objects.filter(sender=sender).count() >= 3:
            return HttpResponse(status=409)
        Invitation.objects.create(sender=sender)
        return HttpResponse(status=201)
`;
const SUBCLASSES = `

class Racy(Invitations):
    def post(self, request):
        return self.create(request)


class Right(Invitations):
    def post(self, request):
        with advisory_lock(request.user):
            return self.create(request)
`;

async function fixed(name: string, files: Readonly<Record<string, string>>, file: string) {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const [gap] = (await checkSource(folder, { now: () => 0 })).findings;
  if (!gap) throw new Error("no gap");
  expect(gap.function).toBe("Invitations.create");
  return fixProject(folder, {
    findings: [gap],
    overrides: new Map([[gap.fingerprint, [{ file, name: "Racy" }]]]),
  });
}

const MODELS = `from django.conf import settings
from django.db import models


class Invitation(models.Model):
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
`;

describe("a method that one class races with and another does not", () => {
  it("is mended in the one, and stays as it is in the base that both share", async () => {
    const made = await fixed("one", { "models.py": MODELS, "views.py": BASE + SUBCLASSES }, "views.py");
    const text = made.patches.find(({ file }) => file === "views.py")?.text ?? "";
    expect(text).toContain(BASE.slice(BASE.indexOf("class Invitations")));
    expect(text.slice(text.indexOf("class Racy"), text.indexOf("class Right"))).toMatch(
      /def create\(self, request\):[\s\S]*select_for_update/,
    );
    expect(text.slice(text.indexOf("class Right"))).toBe(SUBCLASSES.slice(SUBCLASSES.indexOf("class Right")));
  });

  it("is left alone, with why, where its class stands in another module", async () => {
    const made = await fixed(
      "two",
      {
        "models.py": MODELS,
        "views.py": BASE,
        "api.py": `from .models import Invitation\nfrom .views import Invitations\n${SUBCLASSES}`,
      },
      "api.py",
    );
    expect(made.patches).toEqual([]);
    expect(made.unfixed[0]?.reason).toContain("shared with routes that do not race");
  });
});
