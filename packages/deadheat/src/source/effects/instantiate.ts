import type { Span } from "../parse/syntax.ts";
import type { Model } from "../project/model.ts";
import { compatible, type Effect, type Guard, type Step } from "./effect.ts";
import { isRuledOut } from "./flags.ts";
import { serializerModel } from "./framework-methods.ts";
import { takesAnything } from "./handlers.ts";
import type { Change, Summary } from "./program.ts";
import { Appended, Renaming } from "./renaming.ts";
import { keyOfQuery } from "./rows.ts";
import type { Run } from "./run.ts";
import { isUnsaved, keepAssigned } from "./saved-columns.ts";
import { Substitution } from "./substitution.ts";
import {
  type Assigned,
  type Atom,
  addAssigned,
  addRefresh,
  NONE,
  type Site,
  union,
  type Value,
} from "./values.ts";

const AS_IT_IS = <T>(one: T) => one;
/** Each is a condition of all that follows. */
const MOST_REFUSALS = 40;

/** One call: the called function's effects with its parameters replaced by what they are here. */
export class Instantiation {
  readonly #run: Run;
  readonly #analysis: Summary;
  readonly #span: Span;
  readonly #bound: ReadonlyMap<string, Value>;
  readonly #guards = new Map<Guard, Guard>();
  readonly #names: Renaming;
  readonly #guardLists = new Appended<Guard>();
  readonly #trails = new Appended<Site>();
  readonly #here: readonly Site[];
  /** What stands here for what is in there. */
  readonly #substitution: Substitution;
  /** `except Exception:` around a call answers for whatever went wrong in there, and for nothing that was meant. */
  readonly #handlers: readonly string[];
  /** A lock of some kind is held around the call. */
  readonly #isHeld: boolean;

  constructor(
    run: Run,
    analysis: Summary,
    span: Span,
    bound: ReadonlyMap<string, Value>,
    given: readonly Assigned[],
  ) {
    this.#run = run;
    this.#analysis = analysis;
    this.#span = span;
    this.#bound = bound;
    this.#handlers = run.handlers.some(takesAnything)
      ? run.handlers.filter((one) => !takesAnything(one))
      : run.handlers;
    this.#isHeld = run.allLocks().length > 0 || run.effects.some((one) => one.query?.locked === true);
    const here = run.site(span);
    this.#here = [here];
    const { parameters, held, ended } = analysis;
    this.#names = new Renaming(
      () => run.program.fresh(),
      here,
      (lock) => run.txns.length > 0 && !held.includes(lock) && !ended.includes(lock),
    );
    this.#substitution = new Substitution(run, { span, parameters, bound, given, names: this.#names });
  }

  result(): Value {
    const run = this.#run;
    for (const effect of this.#analysis.effects) if (!this.isRuledOut(effect.steps)) this.cloneEffect(effect);
    for (const change of this.#analysis.changed) this.applyChanges(change);
    for (const guard of this.#analysis.refusals) {
      if (run.refusals.length >= MOST_REFUSALS) break;
      if (this.isRuledOut(guard.steps)) continue;
      const mapped = this.guard(guard);
      if (mapped.deps.length === 0) continue;
      run.guards = run.guards.concat(mapped);
      run.refusals.push(mapped);
    }
    const { held, ended } = this.#analysis;
    if (held.length > 0) run.held = [...run.held, ...this.#names.locks(held)];
    if (ended.length > 0) {
      const into = run.txns.length > 0 ? "held" : "ended";
      run[into] = [...run[into], ...this.#names.locks(ended)];
    }
    const result = this.resultTaken();
    return result ? this.#substitution.value(result) : run.scalar(NONE, { literal: null });
  }

  /** What it returns in an arm that is taken in this call. */
  private resultTaken(): Value | undefined {
    const { result, otherRows = [] } = this.#analysis;
    const isTaken = (one: Value) => one.kind !== "row" || !one.fetch || !this.isRuledOut(one.fetch.steps);
    return result && !isTaken(result) ? (otherRows.find(isTaken) ?? result) : result;
  }

  private isRuledOut(steps: readonly Step[]): boolean {
    return isRuledOut(steps, this.#bound, this.#isSpread);
  }

  /** `load(pk, **options)`: any of those that have a default may be given. */
  readonly #isSpread = (): boolean => {
    const { start, end } = this.#span;
    return this.#run.fn.module.source.text.slice(start, end).includes("**");
  };

  some(keep: (effect: Effect) => boolean): void {
    const from = this.#run.effects.length;
    for (const effect of this.#analysis.effects) if (keep(effect)) this.cloneEffect(effect);
    for (const one of this.#run.effects.slice(from)) Object.assign(one, { onSave: true });
  }

  private cloneEffect(effect: Effect): void {
    const run = this.#run;
    const query = effect.query && this.#substitution.query(effect.query);
    const clone = {
      kind: effect.kind,
      seq: ++run.seq,
      site: effect.site,
      trail: this.#trails.to(this.#here, effect.trail, AS_IT_IS),
      steps: this.#substitution.steps(effect.steps),
      guards: this.#guardLists.to(run.guards, effect.guards, (list) => list.map((one) => this.guard(one))),
      txns: effect.deferred ? this.#names.txns(effect.txns) : joined(run.txns, this.#names.txns(effect.txns)),
      locks: joined(run.allLocks(), this.#names.locks(effect.locks)),
      shared: effect.shared,
      handlers: joined(this.#handlers, effect.handlers),
      loop: run.loop + effect.loop,
      deferred: run.deferred || effect.deferred,
      row: effect.row,
      query: query ?? effect.query,
      key: query && effect.key !== undefined ? keyOfQuery(run, query) : effect.key,
      model: query?.model ?? effect.model,
      fields: effect.fields,
      columns: effect.columns,
      deps: this.#substitution.deps(effect.deps),
      name: effect.name,
      lookups: effect.lookups,
      defaults: effect.defaults,
      tested: effect.tested,
      origin: effect,
      ...(effect.onSave ? { onSave: true } : {}),
      taken: false,
    } as { -readonly [K in keyof Effect]: Effect[K] };
    // Known before its row is: the row says by which effect it was read.
    const isKept = this.put(effect, clone);
    const row = effect.row && this.#substitution.value(effect.row);
    const fields = effect.fields && this.fieldsOf(effect, row);
    if (row?.kind === "row") {
      clone.row = row;
      if (row.model) clone.model = row.model;
    } else clone.row = undefined as never;
    const own = clone.model ? undefined : this.modelOfForm(effect);
    if (own) {
      clone.model = own;
      if (row?.kind === "row" && this.#substitution.isOwn(row))
        Object.assign(row, { model: own, cls: own.definition });
    }
    if (fields) {
      clone.fields = fields;
      clone.deps = union(clone.deps, ...[...fields.values()].map((one) => one.deps));
    }
    if (clone.kind === "save" && !clone.columns && row?.kind === "row" && isUnsaved(row)) {
      // In there it was any row; here it is one that is new: saved by a helper, it is made all the same. (With
      // `update_fields` Django only updates: it has been made out of sight.)
      clone.kind = "create";
      clone.lookups = [...(clone.fields?.keys() ?? [])];
      (row as { saved?: boolean }).saved = true;
    }
    if (clone.kind === "refresh" && clone.row) addRefresh(clone.row, clone);
    // Callers decide whether a gap is closed only where they are understood.
    if ((!effect.row || clone.row) && isKept && (this.#isHeld || this.knowsReasons(effect))) {
      effect.taken = true;
      run.program.noteTaken(this.#analysis.fn, effect.seq);
    }
  }

  /** What led to the insert is told here as well: from too many calls below, it is not. */
  private knowsReasons({ kind, guards, deps }: Effect): boolean {
    if (kind !== "create") return true;
    const isKnown = (atom: Atom) => atom.kind !== "query" || this.#substitution.knows(atom.effect);
    return deps.every(isKnown) && guards.every((one) => one.deps.every(isKnown));
  }

  /** `super().create(validated_data)` in a serializer for all tables: here it is known whose `Meta` says which. */
  private modelOfForm({ kind, name }: Effect): Model | undefined {
    if (kind !== "create" || !/^(serializer|form)\.save$/.test(name)) return undefined;
    const self = this.#bound.get("self");
    return self?.kind === "row" && self.cls ? serializerModel(this.#run, self.cls) : undefined;
  }

  private put(effect: Effect, clone: Effect): boolean {
    this.#substitution.know(effect, clone);
    return this.#run.keep(clone);
  }

  /** Columns that a save in there writes: those changed in there, and those changed here before. */
  private fieldsOf(effect: Effect, row: Value | undefined): ReadonlyMap<string, Assigned> {
    const fields = new Map<string, Assigned>();
    // (What a row that was read in there is given later, is not in it yet.)
    if (effect.kind === "save" && row?.kind === "row" && !this.#substitution.isOwn(row))
      for (const one of row.assigned) if (compatible(one.steps, this.#run.steps)) keepAssigned(fields, one);
    for (const [name, one] of effect.fields ?? [])
      for (const assigned of this.#substitution.assignedHere(one))
        fields.set(one.name === "*" ? assigned.name : name, assigned);
    return fields;
  }

  private applyChanges({ row, inner }: Change): void {
    const mapped = this.#substitution.value(row);
    if (mapped.kind !== "row" || this.#substitution.stays(row, mapped)) return;
    for (const one of row.assigned)
      if (!this.isRuledOut(one.steps))
        for (const assigned of this.#substitution.assignedHere(one)) addAssigned(mapped, assigned);
    for (const one of inner) this.applyChanges(one);
  }

  private guard(guard: Guard): Guard {
    const known = this.#guards.get(guard);
    if (known) return known;
    const run = this.#run;
    const mapped: Guard = {
      id: run.program.fresh(),
      kind: guard.kind,
      deps: this.#substitution.deps(guard.deps),
      site: guard.site,
      trail: this.#trails.to(this.#here, guard.trail, AS_IT_IS),
      seq: ++run.seq,
      steps: this.#substitution.steps(guard.steps),
      ordered: guard.ordered,
      txns: joined(run.txns, this.#names.txns(guard.txns)),
      locks: joined(run.allLocks(), this.#names.locks(guard.locks)),
      missing: this.#substitution.missing(guard.missing),
      branch: guard.branch === undefined ? undefined : this.#names.branch(guard.branch),
      refuses: guard.refuses,
      leaves: guard.leaves,
    };
    this.#guards.set(guard, mapped);
    return mapped;
  }
}

/** Both, one after the other; often one of them is empty. */
function joined<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (other.length === 0) return one;
  return one.length === 0 ? other : one.concat(other);
}
