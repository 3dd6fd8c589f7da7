import { compatible, type Effect, type Guard } from "../effects/effect.ts";
import { columnOf, type Deps, type Value } from "../effects/values.ts";
import { isAct } from "./acts.ts";
import { countedAfterDelete } from "./counted-after-delete.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const claimUnchecked: SourceRule = {
  id: "claim-unchecked",
  weakness: "limit-overrun",
  title: "a conditional update whose row count nobody looks at",
  severity: "medium",
  why: "filter(state=OLD).update(state=NEW) lets one request win. Who does not look at the row count goes on as if it had won. So does who deletes what another one has deleted, and counts it down all the same.",
  fix: "if Model.objects.filter(pk=pk, state=OLD).update(state=NEW) != 1: stop.",
  never: [
    "an update whose count decides what follows, or is returned",
    "an update that nothing follows",
    "a number that is counted down where delete() has deleted something",
  ],
  examples: {
    racy: [
      `def pay(request, pk):
    order = Order.objects.get(pk=pk)
    Order.objects.filter(pk=order.pk, status="open").update(status="paid")
    Receipt.objects.create(order=order)
`,
    ],
    safe: [
      `def pay(request, pk):
    order = Order.objects.get(pk=pk)
    if not Order.objects.filter(pk=order.pk, status="open").update(status="paid"):
        return HttpResponse(status=409)
    Receipt.objects.create(order=order)
`,
    ],
  },
  *find(context) {
    const { effects, guards, analysis } = context;
    yield* countedAfterDelete(context);
    for (const claim of effects) {
      if (claim.kind !== "update" || claim.locks.length > 0) continue;
      const column = columnClaimed(claim);
      if (!column || effects.some((one) => one.query?.locked && one.seq < claim.seq)) continue;
      if (claim.tested) {
        const isCalled = claim.trail.length > 0;
        if (!isCalled && !isOnlyLogged(claim, effects, guards, analysis.summary.result)) continue;
        const candidate = explain(claim, {
          message: `who loses the race for ${column} is written down, and goes on: its caller is not told`,
          because: "the row count is looked at, and nothing depends on it but a line in a log",
          protection: { coverage: "none" },
          severity: "low",
        });
        // Whether it is, is seen where it is called for; a caller that is not told can do nothing about it.
        yield isCalled ? { ...candidate, echo: true } : candidate;
        continue;
      }
      const act = effects.find(
        (one) =>
          one.seq > claim.seq &&
          isAct(one, claim) &&
          compatible(one.steps, claim.steps) &&
          (one.kind === "create" || one.kind === "external"),
      );
      if (!act) continue;
      yield explain(claim, {
        message: `who loses the race for ${column} is not told: its row count is not looked at`,
        because: "the update is conditional, but what follows is not",
        protection: { coverage: "none" },
        also: [act],
        confidence: "medium",
      });
    }
  },
};

/** `filter(pk=pk, state=OLD).update(state=NEW)`, `filter(pk=pk).exclude(state=NEW).update(state=NEW)`. */
function columnClaimed(claim: Effect): string | undefined {
  const filters = claim.query?.filters ?? [];
  if (!filters.some((one) => /^(pk|id)$/.test(one.lookup))) return undefined;
  return [...(claim.fields?.keys() ?? [])].find(
    (name) =>
      filters.some((one) => columnOf(one.lookup.split("__")[0] as string) === columnOf(name)) &&
      !isExtreme(claim, name),
  );
}

/** `filter(pk=pk, first_seen__gt=at).update(first_seen=at)`: the earliest stays, and nobody is to be told who was later. */
function isExtreme({ site: { fn, start, end } }: Effect, column: string): boolean {
  const text = fn.module.source.text.slice(start, end);
  const compared = new RegExp(`\\b${column}__[gl]te?=([\\w.]+(?:\\[[^\\]]*\\])?)\\s*[,)]`).exec(text)?.[1];
  return compared !== undefined && new RegExp(`\\b${column}=${escaped(compared)}\\s*[,)]`).test(text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

const LOGS = /\b_*log\w*\.(debug|info|warn|warning|error|critical|exception)\(/;

/** `if rows != 1: logger.warning(…)`, and neither what is returned nor what is done says so. */
function isOnlyLogged(
  claim: Effect,
  effects: readonly Effect[],
  guards: readonly Guard[],
  result: Value | undefined,
): boolean {
  const isAbout = ({ deps }: { readonly deps: Deps }) =>
    deps.some((one) => one.kind === "query" && one.effect === claim);
  const [test, another] = guards.filter(isAbout);
  if (!test || another || test.refuses || test.leaves) return false;
  if (result && isAbout(result)) return false;
  const { fn, end } = test.site;
  const after = fn.text().slice(end - fn.start);
  return LOGS.test(after) && !effects.some((one) => one.kind !== "command" && one.guards.includes(test));
}
