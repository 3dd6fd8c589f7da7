import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const COMMAND = "shop/management/commands/sweep.py";
const SWEEP = `from shop.models import Order

def sweep(order):
    if order.state == "open":
        order.state = "swept"
        order.save(update_fields=["state"])
        Log.objects.create(order=order)
`;
const handle = (body: string) => `from shop.sweeping import sweep
from shop.models import Order

class Command(BaseCommand):
    def handle(self, *args, **options):
        ${body}
`;
const ONCE = `for order in Order.objects.filter(age__gt=3):
            sweep(order)`;
const FOREVER = `while not self.stopped:
            for order in Order.objects.filter(age__gt=3):
                sweep(order)`;

const loud = (files: Readonly<Record<string, string>>) =>
  analyseTexts({ "shop/models.py": "", ...files }, grammar)
    .filter((one) => one.severity === "medium" || one.severity === "high")
    .map((one) => one.function);
const all = (files: Readonly<Record<string, string>>) => analyseTexts(files, grammar);

describe("what only a command does", () => {
  const files = { "shop/sweeping.py": SWEEP, [COMMAND]: handle(ONCE) };

  it("is told quietly, and told", () => {
    expect(loud(files)).toEqual([]);
    expect(all(files).map((one) => one.severity)).toContain("low");
  });

  it("is loud where it goes on in a loop: of such workers there are several", () => {
    expect(loud({ ...files, [COMMAND]: handle(FOREVER) })).not.toEqual([]);
  });

  it.each([
    [
      "a view calls it as well",
      "shop/views.py",
      "def post(request, pk):\n    sweep(Order.objects.get(pk=pk))\n",
    ],
    ["it is handed on", "shop/apps.py", "schedule(sweep)\n"],
    [
      "who calls it was not seen to",
      "shop/later.py",
      "def later(name):\n    return getattr(tools, name) or tools.sweep\n",
    ],
  ])("is loud where %s", (_, path, text) => {
    expect(loud({ ...files, [path]: `from shop.sweeping import sweep\n${text}` })).toContain("sweep");
  });

  it("is told quietly beside a method of the same name", () => {
    const method =
      "class Rooms:\n    def clean(self):\n        self.sweep()\n\n    def sweep(self):\n        pass\n";
    expect(loud({ ...files, "shop/rooms.py": method })).toEqual([]);
  });

  it("is loud where it is a task", () => {
    const task = SWEEP.replace("def sweep", "@shared_task\ndef sweep");
    expect(loud({ ...files, "shop/sweeping.py": task })).toEqual(["sweep"]);
  });

  it("is what only migrations set off", () => {
    const text = (head: string) => `${head}
def make_groups(sender, **kwargs):
    if not Kind.objects.filter(name=sender.label).exists():
        Kind.objects.create(name=sender.label)
`;
    expect(loud({ "shop/signals.py": text("@receiver(post_migrate)") })).toEqual([]);
    expect(loud({ "shop/signals.py": text("@receiver(post_save)") })).toEqual(["make_groups"]);
    expect(
      loud({
        "shop/signals.py": text(""),
        "shop/apps.py":
          "class Shop(AppConfig):\n    def ready(self):\n        from .signals import make_groups\n        post_migrate.connect(make_groups)\n",
      }),
    ).toEqual([]);
  });
});
