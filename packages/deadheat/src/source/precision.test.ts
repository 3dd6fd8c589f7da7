import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

/** What protects code, each with the same code without it. */
describe("get_or_create", () => {
  const text = (call: string, kind = "", given = "") => `class Kind:
    BOOK = "book"

class Platform(models.Model):
    code = models.CharField(max_length=9, unique=True)

class Resource(models.Model):
    code = models.CharField(max_length=9)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE)
    kind = models.CharField(max_length=9${kind})
    title = models.CharField(max_length=9)

    class Meta:
        unique_together = [("code", "platform", "kind")]

def load(code, platform, title${given}):
    return Resource.objects.${call}

def many(request):
    for row in request.data:
        load(row["code"], request.user.platform, row["title"]${given && ", row['kind']"})
`;

  it("is left alone where the other columns of a unique set are the same for all", () => {
    for (const call of [
      'update_or_create(code=code, platform=platform, defaults={"kind": Kind.BOOK, "title": title})',
      'get_or_create(code=code, platform=platform, defaults={"kind": "book", "title": title})',
      'get_or_create(code=code, defaults={"kind": "book", "platform": Platform.objects.get(code="edx")})',
      'update_or_create(code=code, defaults={"kind": Kind.BOOK.name, "platform": Platform.objects.get(code=EDX.name)})',
    ])
      expect(said(text(call))).toEqual([]);
    const call = 'get_or_create(code=code, platform=platform, defaults={"title": title})';
    expect(said(text(call, ', default="book"'))).toEqual([]);
    expect(said(text(call, ", choices=KINDS"))).toEqual([]);
  });

  it("is told where they are what the request says, empty, or made anew", () => {
    const call = 'get_or_create(code=code, platform=platform, defaults={"kind": kind})';
    expect(loud(text(call, "", ", kind"))).toEqual(["get-or-create-without-unique:medium in load"]);
    for (const kind of ["", ", null=True", ", default=new_key", ", null=True, choices=KINDS"])
      expect(
        loud(text('get_or_create(code=code, platform=platform, defaults={"title": title})', kind)),
      ).toEqual(["get-or-create-without-unique:medium in load"]);
    expect(
      loud(
        text(
          'get_or_create(code=code, defaults={"kind": "book", "platform": Platform.objects.get(code=title)})',
        ),
      ),
    ).toEqual(["get-or-create-without-unique:medium in load"]);
  });
});

describe("a limit", () => {
  const text = (change: string) => `class Vlan(models.Model):
    locations = models.ManyToManyField("Location", related_name="vlans")

def place(request, pk):
    vlan = Vlan.objects.get(pk=pk)
    if vlan.locations.count() > 1:
        raise ValueError()
    vlan.locations.${change}
`;

  it("is no matter of what replaces all that is there", () => {
    expect(said(text("set([request.POST['to']])"))).toEqual([]);
    expect(loud(text("add(request.POST['to'])"))).toEqual(["limit-then-act:high in place"]);
  });
});

describe("what migrations run", () => {
  const text = (given: string, body: string) => `def move(${given}):
    Asset = ${body}.get_model("app", "Asset")
    with transaction.atomic():
        for asset in Asset.objects.all():
            meta = asset.meta
            meta["address"] = meta.pop("camera", None)
            asset.meta = meta
            asset.save()
`;

  it("is low wherever it stands: only they are given a registry of models", () => {
    expect(loud(text("apps, schema_editor", "apps"))).toEqual([]);
    expect(loud(text("registry", "registry"))).toEqual([]);
    expect(loud(text("request", "django.apps.apps"))).not.toEqual([]);
  });

  it("is low in what only they call", () => {
    const called = `def fill(asset):
    asset.meta["x"] = asset.meta.pop("y")
    asset.save()

def move(apps):
    for asset in apps.get_model("app", "Asset").objects.all():
        fill(asset)
`;
    expect(loud(called)).toEqual([]);
    expect(loud(`${called}\ndef view(request, pk):\n    fill(Asset.objects.get(pk=pk))\n`)).not.toEqual([]);
  });
});

describe("a version", () => {
  const text = (test: string) => `def change(request, version, seen):
    if ${test}:
        raise ValueError()
    version.state = request.POST["state"]
    version.save()
`;

  it("that is compared with what is written down is a name", () => {
    expect(said(text('version.version != "draft"'))).toEqual([]);
    expect(said(text("version.version != DRAFT"))).toEqual([]);
    expect(said(text("version.version != Version.DRAFT"))).toEqual([]);
    expect(loud(text("version.version != seen"))).toEqual(["version-in-python:medium in change"]);
    expect(loud(text('version.version != request.POST["seen"]'))).not.toEqual([]);
  });
});
