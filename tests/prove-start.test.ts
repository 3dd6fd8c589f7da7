import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ProveReport, proveReportSchema } from "../packages/deadheat/src/findings/prove-report.ts";
import {
  type HarnessConfig,
  openProject,
  openWorld,
  StepFailed,
  type World,
} from "../packages/deadheat/src/harness/index.ts";
import { run } from "./support/command.ts";
import { lacking } from "./support/debian.ts";
import { DJANGO_NEEDS, djangoProject, SETTINGS } from "./support/django-project.ts";

const skipped = await lacking(DJANGO_NEEDS);
if (skipped) console.warn(`SKIPPED, prove: ${skipped}`);

describe.skipIf(skipped !== undefined)("a Django project on its way to being raced", () => {
  const signal = new AbortController().signal;
  const folders: string[] = [];
  let world: World;
  let count = 0;
  beforeAll(async () => {
    world = await openWorld(signal);
  }, 60_000);
  afterAll(async () => {
    await world?.close();
    for (const one of folders) rmSync(one, { recursive: true, force: true });
  });

  const python = "/usr/bin/python3";
  const open = (files: Readonly<Record<string, string>>, config: HarnessConfig = {}) => {
    const root = djangoProject(files);
    folders.push(root);
    return openProject({ root, name: `n${count++}`, world, config: { python, ...config }, signal });
  };
  const failing = async (files: Readonly<Record<string, string>>, config?: HarnessConfig) => {
    const error = await open(files, config).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StepFailed);
    return error as StepFailed;
  };

  it("reads secrets from the environment: what nobody has set is made up and told, the rest is asked for", async () => {
    const settings = `import os\n${SETTINGS.replace('"nobody\'s"', 'os.environ["MINI_SECRET_KEY"]')}`;
    const project = await open({ "mini/settings.py": settings });
    expect(project.madeUp).toEqual([{ name: "MINI_SECRET_KEY", as: "a random text" }]);
    expect(project.introspection.replaced.join()).toContain("in place of sqlite3");
    expect(project.introspection.routes.map((one) => one.view)).toContain("mini.views.Points");
    const strict = `${settings}\nif os.environ["MINI_MODE"] not in ("a", "b"):\n    raise ValueError("MINI_MODE is wrong")\n`;
    const refused = await failing({ "mini/settings.py": strict });
    expect(refused.lines.join("\n")).toContain("MINI_MODE is wrong");
    expect(refused.hint).toContain("env");
    await open({ "mini/settings.py": strict }, { env: { MINI_MODE: "a" } });
  }, 60_000);

  it("has a user model of its own, for which the script makes users", async () => {
    const project = await open({
      "mini/settings.py": `${SETTINGS}AUTH_USER_MODEL = "mini.Person"\n`,
      "mini/models.py": `from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
class People(BaseUserManager):
    def create_user(self, email, password, born):
        person = self.model(email=email, born=born)
        person.set_password(password)
        person.save()
        return person
class Person(AbstractBaseUser):
    email = models.EmailField(unique=True)
    born = models.DateField()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["born"]
    objects = People()
class Wallet(models.Model):
    user = models.OneToOneField(Person, on_delete=models.CASCADE)
`,
    });
    const users = await project.makeUsers(2);
    expect(users.map((one) => one.username)).toEqual(["deadheat0@example.com", "deadheat1@example.com"]);
    expect(users[0]?.tokens.authtoken).toMatch(/^[0-9a-f]{40}$/);
  }, 60_000);

  it("has a migration that fails: the tables are made from the models, and that is told", async () => {
    const project = await open({
      "mini/migrations/__init__.py": "",
      "mini/migrations/0001_initial.py": `from django.db import migrations
def fail(apps, schema_editor):
    raise RuntimeError("no country is there yet")
class Migration(migrations.Migration):
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(fail)]
`,
    });
    expect(project.notes.join()).toContain("no country is there yet");
    expect(await project.makeUsers(1)).toHaveLength(1);
  }, 60_000);

  it("needs a command before, and fails at it with its last lines", async () => {
    const failed = await failing({}, { before: ["echo the bucket is missing; exit 3"] });
    expect(failed).toMatchObject({ step: "before", lines: ["the bucket is missing"] });
    expect((await failing({}, { python: "/usr/bin/false" })).step).toBe("python");
    expect((await failing({}, { services: ["exit 4"] })).step).toBe("services");
  }, 60_000);

  it("has tests of its own: each is run to its end, with what it said", async () => {
    const project = await open({}, { tests: ["python3 -c 'import mini.models_that_are_not'", "true"] });
    const [failed, passed] = await project.runTests();
    expect(failed).toMatchObject({ passed: false });
    expect(failed?.lines.join()).toContain("models_that_are_not");
    expect(passed).toEqual({ command: "true", passed: true, lines: [] });
  }, 60_000);

  it("does not import: the step, its lines, what to do; and the gaps of its source are told all the same", async () => {
    const root = djangoProject({
      "mini/urls.py":
        "import no_such_library\nfrom django.urls import path\nfrom mini import views\nurlpatterns = [path('points/', views.Points.as_view())]\n",
    });
    folders.push(root);
    const args = ["prove", root, "--python", python, "--format", "json", "--output", join(root, "out")];
    const { code, stdout } = await run(args, { cwd: tmpdir() });
    const report = JSON.parse(stdout) as ProveReport;
    expect(proveReportSchema.safeParse(report).error).toBeUndefined();
    expect(code).toBe(3);
    expect(report.failed).toMatchObject({ step: "settings" });
    expect(report.failed?.lines.join()).toContain("no_such_library");
    expect(report.failed?.hint).toContain("no_such_library");
    expect(report.suspected[0]).toMatchObject({
      weakness: "lost-update",
      operation: { method: "POST", path: "/points/" },
      raced: { status: "not-raced" },
    });
    expect(readdirSync(root).sort()).toEqual(["manage.py", "mini", "out"]);
    expect(readdirSync(join(root, "mini"))).not.toContain("__pycache__");
  }, 60_000);
});
