import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { rules } from "../rules/index.ts";
import { fixTexts } from "./project.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const FILE = "app/views.py";
const fixed = (text: string) => fixTexts(new Map([[FILE, text]]), grammar);
const textOf = (text: string) => fixed(text).texts.get(FILE) as string;

/** What `python3 -m py_compile` says of each, in one process; empty where all are right. */
function compileErrors(texts: readonly string[]): string {
  const script =
    "import json,sys\nfor i,t in enumerate(json.load(sys.stdin)):\n try: compile(t,str(i),'exec')\n except SyntaxError as e: print(i,e,t)";
  const run = spawnSync("python3", ["-c", script], { input: JSON.stringify(texts), encoding: "utf8" });
  return run.stdout + run.stderr;
}

describe("the rules' own examples", () => {
  const racy = rules.flatMap((rule) => rule.examples.racy.map((text) => ({ rule: rule.id, text })));
  const safe = rules.flatMap((rule) => rule.examples.safe);

  it("are fixed or said why not; what is fixed is analysed clean, compiles, and stays as it is", () => {
    const texts: string[] = [];
    for (const { text } of racy) {
      const before = analyseTexts({ [FILE]: text }, grammar).length;
      const outcome = fixed(text);
      const after = outcome.texts.get(FILE) as string;
      expect(analyseTexts({ [FILE]: after }, grammar).length).toBe(outcome.unfixed.length);
      const gone = outcome.fixed.flatMap((one) => [one.finding, ...one.also]);
      expect(gone.length + outcome.unfixed.length).toBeGreaterThanOrEqual(before);
      for (const one of outcome.unfixed) expect(one.reason).not.toBe("");
      expect(textOf(after)).toBe(after);
      texts.push(after);
    }
    expect(compileErrors(texts)).toBe("");
  });

  it("that are safe are left alone", () => {
    for (const text of safe) {
      if (analyseTexts({ [FILE]: text }, grammar).length > 0) continue;
      expect(textOf(text)).toBe(text);
    }
  });
});

it("a transaction that is there grows: two rows of one call are not locked in blocks within blocks", () => {
  const text = `from django.db import transaction
from shop.models import Item, Wallet

def buy(request, pk):
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=pk)
        if item.stock < 1:
            return 409
        item.stock -= 1
        item.save()
    wallet = Wallet.objects.get(owner=request.user)
    if wallet.amount < item.price:
        return 402
    # pay
    wallet.amount = wallet.amount - item.price

    wallet.save()
    return 200
`;
  const after = textOf(text.replace("    wallet = ", "    later = 1\n    wallet = "));
  expect(after.match(/atomic/g)).toHaveLength(2);
  const both = textOf(
    text
      .replace("        item = ", "        wallet = Wallet.objects.get(owner=request.user)\n        item = ")
      .replace("    wallet = Wallet.objects.get(owner=request.user)\n    if wallet", "    if wallet"),
  );
  expect(both.match(/with transaction\.atomic/g)).toHaveLength(1);
  expect(both).toContain("        wallet = Wallet.objects.select_for_update().get(owner=request.user)");
  expect(both).toContain(
    "        # pay\n        wallet.amount = wallet.amount - item.price\n\n        wallet.save()\n    return 200",
  );
  expect(textOf(both)).toBe(both);
  expect(compileErrors([after, both])).toBe("");
});
