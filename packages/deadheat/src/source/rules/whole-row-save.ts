import { type Effect, precedes } from "../effects/effect.ts";
import { type Protection, protectionOf, protects } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { QUEUES } from "../facts/names.ts";
import type { Models } from "../project/models.ts";
import { explain } from "./explain.ts";
import type { Candidate, ColumnWriter, RuleContext, SourceRule, Undecided, Writers } from "./rule.ts";
import { writtenBack } from "./written-back.ts";

export const wholeRowSave: SourceRule = {
  id: "whole-row-save",
  weakness: "lost-update",
  title: "save() writes all columns, also those that others change",
  severity: "low",
  why: "save() without update_fields writes every column as it was read. What another request changed in another column meanwhile is put back to its old value.",
  fix: 'Name what you change: save(update_fields=["name"]).',
  never: [
    "`update_fields`",
    "a row read under a lock",
    "a model whose other columns nobody writes, saved at once after it was read",
  ],
  examples: {
    racy: [
      `class Check(models.Model):
    name = models.CharField(max_length=100)
    n_pings = models.IntegerField(default=0)

def ping(request, pk):
    Check.objects.filter(pk=pk).update(n_pings=F("n_pings") + 1)

def rename(request, pk):
    check = Check.objects.get(pk=pk)
    check.name = request.POST["name"]
    check.save()
`,
      `def geocode(pk):
    place = Place.objects.get(pk=pk)
    place.position = requests.get(MAPS, params={"q": place.address}).json()["position"]
    place.save()
`,
    ],
    safe: [
      `def geocode(pk):
    place = Place.objects.get(pk=pk)
    position = requests.get(MAPS, params={"q": place.address}).json()["position"]
    place.refresh_from_db()
    place.position = position
    place.save()
`,
      `class Check(models.Model):
    name = models.CharField(max_length=100)
    n_pings = models.IntegerField(default=0)

def ping(request, pk):
    Check.objects.filter(pk=pk).update(n_pings=F("n_pings") + 1)

def rename(request, pk):
    check = Check.objects.get(pk=pk)
    check.name = request.POST["name"]
    check.save(update_fields=["name"])
`,
      `class Check(models.Model):
    name = models.CharField(max_length=100)

def rename(request, pk):
    check = Check.objects.get(pk=pk)
    check.name = request.POST["name"]
    check.save()
`,
    ],
  },
  *find(context) {
    const { effects, program, analysis } = context;
    const { fn } = analysis;
    yield* writtenBack(context);
    for (const write of effects) {
      const { row, model } = write;
      if (write.kind !== "save" || !row || write.columns !== undefined || write.name !== "save") continue;
      const wait = waitBetween(effects, row, write);
      if (!model && !wait) continue;
      if (row.origin === "new" || row.fetch?.kind === "get-or-create" || !write.fields?.size) continue;
      // What was given to a called function, its caller may have made.
      if (write.trail.length > 0 && !wait && !row.fetch && !isPointedTo(row, program.models)) continue;
      if (effects.some((one) => one.kind === "create" && one.row === row)) continue;
      const protection = protectionOf(effects, row, write, program.models);
      if (protects(protection)) continue;
      // Said where it is; here only that nothing protects it.
      if (write.trail.length > 0 && model && isReadAsOwn(row) && isUnknownThere(write)) {
        yield readHere(write, protection, fn, wait);
        continue;
      }
      if (write.trail.length > 0) {
        const found = wait
          ? afterWait(write, protection, wait)
          : explain(write, { message: "all columns are written", protection, row });
        yield { ...found, echo: true };
        continue;
      }
      const name = `${fn.module.path}:${fn.qualified}`;
      yield {
        at: write,
        decide: (writers) =>
          overwritten(write, protection, model ? writers.others(model.name, name) : [], wait),
      };
    }
  },
};

/** The function that saves was given an object, and does not know of which table. */
function isUnknownThere({ origin }: Effect): boolean {
  return origin !== undefined && (origin.origin ? isUnknownThere(origin) : !origin.model);
}

/** `instance = cls.get_instance(info, id=id)`, and other methods of the class fill and save it. */
function isReadAsOwn({ fetch }: Row): boolean {
  const [call] = fetch?.trail ?? [];
  if (!call) return false;
  return READS_OWN.test(call.fn.module.source.text.slice(call.start, call.end));
}

const READS_OWN = /^(cls|self)\.get_(instance|object|node)\w*\(/;

/** Read in one function, given what was sent and saved by others: said of the one that reads. */
function readHere(
  write: Effect,
  protection: Protection,
  fn: RuleContext["analysis"]["fn"],
  wait: Effect | undefined,
): Undecided {
  const { model, trail } = write;
  const decide = (writers: Writers) => {
    const others = model ? writers.others(model.name, `${fn.module.path}:${fn.qualified}`) : [];
    const found = overwritten(write, protection, others, wait);
    return found && { ...found, severity: "low" as const, ...(trail[0] ? { site: trail[0] } : {}) };
  };
  return { at: write, decide };
}

/** `self.photo.album`: a row that was there before the one that points to it. */
function isPointedTo({ parent, origin }: Row, models: Models): boolean {
  if (!parent || origin !== "related" || !parent.row.model) return false;
  return models.fields(parent.row.model).get(parent.name)?.target !== undefined;
}

/** Given a value on some ways only, a column is on the others written back as it was read. */
function isAlwaysGiven({ assigned }: Row, name: string, { steps }: Effect): boolean {
  const given = assigned.filter((one) => one.name === name);
  const apart = given.map((one) =>
    one.steps.filter((step) => !steps.some((own) => own.branch === step.branch)),
  );
  if (given.length === 0 || apart.some((one) => one.length === 0)) return true;
  const arms = new Map<number, Set<number>>();
  for (const { branch, arm } of apart.flat()) arms.set(branch, (arms.get(branch) ?? new Set()).add(arm));
  return [...arms.values()].some((one) => one.size > 1);
}

function overwritten(
  write: Effect,
  protection: Protection,
  writers: readonly ColumnWriter[],
  wait: Effect | undefined,
): Candidate | undefined {
  const { row, fields, trail } = write;
  const given = [...(fields?.keys() ?? [])].filter((one) => row && isAlwaysGiven(row, one, write));
  const columns = new Set(given.map(columnOf));
  const other = writers
    // `setattr(row, name, …)`: which column that is, nobody knows.
    .map((one) => ({
      writer: one,
      lost: [...one.columns].filter((column) => !/^\*?$/.test(column) && !columns.has(column)),
    }))
    .filter((one) => one.lost.length > 0);
  // All of them are named at run time: they may be the very ones that the others write. (Of what several functions give
  // the row, few are.)
  const named = trail.length > 0 ? [...(fields?.keys() ?? [])] : given;
  const isUnknown = named.every((one) => one === "*");
  const first = isUnknown ? undefined : (other.find((one) => one.writer.direct) ?? other[0]);
  if (!write.row) return undefined;
  if (!first) return wait && afterWait(write, protection, wait);
  return explain(write, {
    message: `all columns are written, also ${first.lost[0]}, which ${first.writer.fn.split(":").at(-1)} changes`,
    because: "save() without update_fields writes every column as it was read",
    protection,
    row: write.row,
    severity: first.writer.direct || wait ? "medium" : "low",
    confidence: first.writer.direct || wait ? "medium" : "low",
    fixable: true,
    ...(wait ? { also: [wait] } : {}),
  });
}

/** No other writer is in sight, but there is time for one. */
function afterWait(write: Effect, protection: Protection, wait: Effect): Candidate {
  const row = write.row as Row;
  return explain(write, {
    message: `all columns are written back as they were before ${wait.name}, which takes long`,
    because: "what another request has changed meanwhile is put back to its old value",
    protection,
    row,
    also: [wait],
    severity: "low",
    confidence: "low",
    fixable: true,
  });
}

/** Something slow after the row was read and before it is saved. */
function waitBetween(effects: readonly Effect[], row: Row, write: Effect): Effect | undefined {
  const isOwn = row.origin === "self" || (row.origin === "parameter" && !row.parent);
  if (!row.fetch && !isOwn) return undefined;
  const read = [row.fetch, ...row.refreshes].filter((one) => one && precedes(one, write)).at(-1);
  return effects.find(
    (one) =>
      (one.kind === "wait" || (one.kind === "external" && !QUEUES.test(one.name))) &&
      !one.deferred &&
      one.seq > (read?.seq ?? 0) &&
      precedes(one, write),
  );
}
