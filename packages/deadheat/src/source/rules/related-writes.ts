import { isEntryFunction } from "../effects/decorators.ts";
import { type Effect, precedes } from "../effects/effect.ts";
import { locksOf } from "../effects/protection.ts";
import { sameModel } from "../project/model.ts";
import { explain } from "./explain.ts";
import { isCalledByFramework } from "./halves/by-framework.ts";
import { eachItsOwn } from "./halves/each-its-own.ts";
import { type Belonging, type Halves, halvesOf } from "./halves/halves.ts";
import { handedDown } from "./halves/handed-down.ts";
import { logged } from "./halves/logged.ts";
import { madeInBulkOf } from "./halves/made-in-bulk.ts";
import { madeInParts } from "./halves/made-in-parts.ts";
import { madeTogetherIn } from "./halves/made-together.ts";
import { movedOut } from "./halves/moved-out.ts";
import { refusedMidway } from "./halves/refused-midway.ts";
import { replacedIn } from "./halves/replaced.ts";
import { savedByFormsIn } from "./halves/saved-by-forms.ts";
import { toldOfIn } from "./halves/told-of.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

export const relatedWrites: SourceRule = {
  id: "related-writes-without-transaction",
  weakness: "missing-transaction",
  title: "two writes that belong together, in no transaction",
  severity: "low",
  why: "Others see the state after the first write and before the second; a failure in between leaves it for good.",
  fix: "Put both into one transaction.atomic() block.",
  never: [
    "a caller's transaction",
    "ATOMIC_REQUESTS",
    "writes that do not depend on one another",
    "migrations, commands, tasks that are run again from their start",
  ],
  examples: {
    racy: [
      `def ship(request, pk):
    order = Order.objects.get(pk=pk)
    order.status = "shipped"
    order.save(update_fields=["status"])
    Shipment.objects.create(order=order, number=order.number)
`,
      `def pay(request, source, target, amount):
    Account.objects.filter(pk=source).update(balance=F("balance") - amount)
    Account.objects.filter(pk=target).update(balance=F("balance") + amount)
`,
      `def set_members(request, pk):
    Member.objects.filter(club=pk).delete()
    for name in request.POST.getlist("names"):
        Member.objects.create(club=pk, name=name)
`,
      `def close(request, old, new):
    Loan.objects.filter(branch=old).update(branch=new)
    Branch.objects.filter(pk=old).delete()
`,
    ],
    safe: [
      `@transaction.atomic
def pay(request, source, target, amount):
    Account.objects.filter(pk=source).update(balance=F("balance") - amount)
    Account.objects.filter(pk=target).update(balance=F("balance") + amount)
`,
      `class Transfers:
    def move(self, source, target, amount):
        list(Account.objects.select_for_update().filter(pk__in=[source, target]).order_by("pk"))
        Account.objects.filter(pk=source).update(balance=F("balance") - amount)
        Account.objects.filter(pk=target).update(balance=F("balance") + amount)
`,
      `def set_members(request, pk):
    with transaction.atomic():
        Member.objects.filter(club=pk).delete()
        for name in request.POST.getlist("names"):
            Member.objects.create(club=pk, name=name)
`,
      `def visit(request, page, site):
    Page.objects.filter(pk=page).update(hits=F("hits") + 1)
    Site.objects.filter(pk=site).update(hits=F("hits") + 1)
`,
      `@transaction.atomic
def ship(request, pk):
    order = Order.objects.get(pk=pk)
    order.status = "shipped"
    order.save(update_fields=["status"])
    Shipment.objects.create(order=order, number=order.number)
`,
    ],
  },
  *find(context) {
    const { effects, analysis } = context;
    const moved = movedBetween(effects, isEntryFunction(analysis.fn));
    if (moved) yield moved;
    const told = new Set<Effect>();
    let isSaid = false;
    for (const halves of halvesOf(context)) {
      const { first, second, below } = halves;
      if (told.has(second)) continue;
      // The first that is said of a function is enough: one transaction ends all of them.
      if (isSaid && !below) continue;
      const message = belongingsOf(context, halves)
        .map((one) => one(halves))
        .find(Boolean);
      if (message === undefined) continue;
      told.add(second);
      isSaid ||= !below;
      yield {
        ...candidate(first, second, message),
        ...(below ? { echo: true } : {}),
        ...(isCalledByFramework(context, analysis.fn) ? { regardless: true } : {}),
      };
    }
    const midway = isSaid ? undefined : refusedMidway(context);
    if (midway) yield midway;
  },
};

/** What is already in a transaction of its own was thought of: then it takes more to say that it is too small. */
function belongingsOf(
  { program, effects, analysis }: RuleContext,
  { first, second }: Halves,
): readonly Belonging[] {
  const madeInBulk = madeInBulkOf(program.models);
  // (`bulk_create()` of a manager of the project's own has a transaction of its own around it.)
  if (first.txns.length + second.txns.length > 0) return [eachItsOwn, madeInBulk];
  return [
    replacedIn(program.models),
    movedOut,
    madeInParts,
    madeTogetherIn(effects),
    handedDown,
    logged,
    savedByFormsIn(analysis.fn, program.project),
    madeInBulk,
    toldOfIn(effects),
  ];
}

function candidate(first: Effect, second: Effect, message: string): Candidate {
  const [call] = second.trail;
  return {
    ...explain(second, {
      ...(call ? { site: call } : {}),
      message,
      because: "each statement commits by itself",
      protection: { coverage: "none" },
      also: [first],
      interleaving: [
        "A writes   the first",
        "B reads    the first without the second",
        "A writes   the second, or fails",
      ],
    }),
    // What the called function does wrong by itself is another matter.
    ...(call ? { beside: true } : {}),
  };
}

/** What is taken from one row is given to another of the same table: a number moves. */
function movedBetween(effects: readonly Effect[], isEntry: boolean): Candidate | undefined {
  // Who locks rows is in a transaction, though it may be a caller's that is out of sight.
  if (locksOf(effects).length > 0) return undefined;
  const counts = effects.filter(
    (one) =>
      (one.kind === "update" || one.kind === "save") && one.txns.length === 0 && one.trail.length === 0,
  );
  for (const [index, first] of counts.entries())
    for (const second of counts.slice(index + 1)) {
      if (!sameModel(first.model, second.model) || keyOf(first) === keyOf(second)) continue;
      if (!precedes(first, second)) continue;
      const column = [...countedIn(first)].find(
        ([name, way]) => (countedIn(second).get(name) ?? way) !== way,
      )?.[0];
      if (column === undefined) continue;
      return explain(second, {
        message: `${column} moves from one row to another, in no transaction`,
        because: "each statement commits by itself: a failure in between loses or makes what was moved",
        protection: { coverage: "none" },
        also: [first],
        severity: isEntry ? "medium" : "low",
        interleaving: [
          "A takes    from the first row",
          "B reads    both rows: the sum is not what it was",
          "A gives    to the second, or fails",
        ],
      });
    }
  return undefined;
}

function keyOf({ row, key }: Effect): string | undefined {
  return row?.key ?? key;
}

/** Columns that the database counts, and which way. */
function countedIn({ fields }: Effect): Map<string, "+" | "-"> {
  const found = new Map<string, "+" | "-">();
  for (const [name, { database, site }] of fields ?? []) {
    const text = site.fn.module.source.text.slice(site.start, site.end);
    const way = new RegExp(`F\\(["']${name}["']\\)\\s*([+-])`).exec(text)?.[1];
    if (database && (way === "+" || way === "-")) found.set(name, way);
  }
  return found;
}
