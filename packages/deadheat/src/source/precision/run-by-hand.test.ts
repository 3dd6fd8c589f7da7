import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What nobody does twice at once, beside what anybody may do. */
const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

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

describe("a function named as a hook is", () => {
  const command = "app/management/commands/fill.py";
  const body = `    room = Room.objects.get(pk=pk)
    if room.state == "new":
        room.state = "filled"
        room.save()
        Log.objects.create(room=room)
`;
  const calls = (call: string) => `from app.filling import *

class Command(BaseCommand):
    def handle(self, *args, **options):
        ${call}
`;
  const of = (files: Record<string, string>) =>
    analyseTexts(files, grammar).flatMap((one) => (one.severity === "low" ? [] : [one.function]));

  it("is no hook outside of a class", () => {
    const filling = `def get_or_fill(pk):\n${body}`;
    expect(of({ "app/filling.py": filling, [command]: calls("get_or_fill(1)") })).toEqual([]);
    expect(of({ "app/filling.py": filling, "app/views.py": "FILL = [get_or_fill]\n" })).toEqual([
      "get_or_fill",
    ]);
    const method = `class Filling:\n    def get_or_fill(self, pk):\n${body.replaceAll(/^/gm, "    ")}`;
    expect(of({ "app/filling.py": method, [command]: calls("Filling().get_or_fill(1)") })).toEqual([
      "Filling.get_or_fill",
    ]);
  });
});
