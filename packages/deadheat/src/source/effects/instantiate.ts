import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { runAfterCommit } from "./after-commit.ts";
import { attributeOf } from "./attributes.ts";
import { bind } from "./bind.ts";
import { GIVEN_QUERY } from "./calls.ts";
import { isCollection } from "./collections.ts";
import { identityDeps } from "./dependencies.ts";
import { compatible, type Effect, type Guard, NO_EFFECTS, type Step } from "./effect.ts";
import type { How } from "./expressions.ts";
import { isRuledOut, keepFlags } from "./flags.ts";
import { serializerModel } from "./framework-methods.ts";
import { columnsGiven } from "./given-columns.ts";
import { takesAnything } from "./handlers.ts";
import type { Change, Summary } from "./program.ts";
import { Appended, Renaming } from "./renaming.ts";
import { heldIn, iterate, keyOfQuery, sliceOf } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import { isUnsaved, keepAssigned } from "./saved-columns.ts";
import {
  type Assigned,
  type Atom,
  addAssigned,
  addRefresh,
  bareRow,
  type Deps,
  filledFrom,
  NONE,
  type Query,
  type Row,
  type Site,
  SLICE,
  union,
  type Value,
  WHOLE,
} from "./values.ts";

const NO_NAMES: ReadonlyMap<string, Value> = new Map();
const NO_LIST: { readonly of: Deps; readonly seq: number; readonly list: Deps } = {
  of: NONE,
  seq: 0,
  list: NONE,
};
const AS_IT_IS = <T>(one: T) => one;
/** Each is a condition of all that follows. */
const MOST_REFUSALS = 40;

/** `self.request(requests.post, url)`: handed to a function of the project, to be called there. */
const SENDS_WHEN_CALLED = /^(requests|httpx)\.(post|put|patch|delete)$/;

export interface CallHow extends How {
  readonly named?: ReadonlyMap<string, Value>;
}

/** Calls a function of the project: its effects happen here, on what it was given. */
export function callDefinition(
  run: Run,
  fn: FunctionDefinition,
  self: Value | undefined,
  positional: readonly Value[],
  span: Span,
  how: CallHow,
): Value {
  const inlined = run.inlining?.call(run, fn, bind(fn, self, positional, how.named ?? NO_NAMES));
  if (inlined) return inlined;
  const analysis = run.program.summary(fn);
  run.program.noteCall(fn, run.site(span));
  const given = union(
    ...positional.map((one) => union(one.deps, identityDeps(one))),
    ...[...(how.named?.values() ?? [])].map((one) => one.deps),
  );
  if (!analysis) {
    if (how.discarded) run.emit("command", span, { name: fn.qualified, deps: given });
    return run.unknown(given);
  }
  for (const one of [...positional, ...(how.named?.values() ?? [])])
    if (one.kind !== "row" && "dotted" in one && SENDS_WHEN_CALLED.test(one.dotted))
      run.emit("external", span, { name: one.dotted, deps: given }).tested = how.discarded !== true;
  const named = how.named ?? NO_NAMES;
  const bound = bind(fn, self, positional, named);
  runAfterCommit(run, fn, bound, span);
  const result = new Instantiation(
    run,
    analysis,
    span,
    bound,
    columnsGiven(run, fn, bound, named, span),
  ).result();
  return ofOwnTable(run, fn, self, result);
}

/** `cls.get_instance(info, id=id)` of a class whose `Meta` names a model: a row of that one. */
function ofOwnTable(run: Run, { name }: FunctionDefinition, self: Value | undefined, result: Value): Value {
  if (result.kind !== "row" || result.model?.definition || !result.fetch || !GETS_OWN.test(name))
    return result;
  const cls = self?.kind === "class" || self?.kind === "row" ? self.cls : undefined;
  const model = cls && serializerModel(run, cls);
  return model ? Object.assign(result, { model, cls: model.definition }) : result;
}

const GETS_OWN = /^get_(instance|object|node)(_or_(error|404))?$/;

/** Of what a function does, what `keep` says: a call that somebody else makes, of which the rest does not matter here. */
export function callForSome(
  run: Run,
  fn: FunctionDefinition,
  self: Value | undefined,
  named: ReadonlyMap<string, Value>,
  span: Span,
  keep: (effect: Effect) => boolean,
): void {
  const analysis = run.program.summary(fn);
  run.program.noteCall(fn, run.site(span));
  if (analysis) new Instantiation(run, analysis, span, bind(fn, self, [], named), []).some(keep);
}

/** One call: the called function's effects with its parameters replaced by what they are here. */
class Instantiation {
  readonly #run: Run;
  readonly #analysis: Summary;
  readonly #span: Span;
  readonly #bound: ReadonlyMap<string, Value>;
  readonly #rows = new Map<Row, Value>();
  /** Rows that came to be in there. */
  readonly #own = new Set<Row>();
  readonly #effects = new Map<Effect, Effect>();
  readonly #guards = new Map<Guard, Guard>();
  readonly #tables = new Map<string, Model>();
  readonly #names: Renaming;
  readonly #stepLists = new Appended<Step>();
  readonly #guardLists = new Appended<Guard>();
  readonly #trails = new Appended<Site>();
  #lastDeps = NO_LIST;
  readonly #here: readonly Site[];
  readonly #given: readonly Assigned[];
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
    this.#given = given;
    this.#handlers = run.handlers.some(takesAnything)
      ? run.handlers.filter((one) => !takesAnything(one))
      : run.handlers;
    this.#isHeld = run.allLocks().length > 0 || run.effects.some((one) => one.query?.locked === true);
    const here = run.site(span);
    this.#here = [here];
    this.#names = new Renaming(() => run.program.fresh(), here);
    for (const [name, value] of analysis.parameters) {
      const given = bound.get(name);
      if (value.kind === "row" && given) this.#rows.set(value, given);
      if (value.kind === "query" && value.owner?.name === GIVEN_QUERY && given)
        this.#rows.set(value.owner.row, given);
      // One manager of several tables: in there it is the first one's, here the one that was called.
      if (value.kind === "query" && value.isSelf && value.model && given?.kind === "query" && given.model)
        this.#tables.set(value.model.name, given.model);
      // A class method that is inherited: `cls.objects` in there is, here, the table of the class that was called.
      if (value.kind === "class" && value.model && given?.kind === "class" && given.model)
        this.#tables.set(value.model.name, given.model);
      this.noteOwnTable(value, given);
      // `def unique(value, model): model.objects…`: the table is the one of the class that was given.
      if (value.kind === "row" && given?.kind === "class") {
        const last = given.dotted.split(".").at(-1) as string;
        this.#tables.set(value.key, given.model ?? run.program.models.named(last));
      }
    }
  }

  /** `self.__class__.objects` in an abstract class: the table is the one of the class below that was called. */
  private noteOwnTable(value: Value, given: Value | undefined): void {
    if (value.kind !== "row" || value.origin !== "self" || !value.model || given?.kind !== "row") return;
    const { model } = given;
    if (model?.definition && model !== value.model && this.#run.program.models.isAbstract(value.model))
      this.#tables.set(value.model.name, model);
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
    return result ? this.value(result) : run.scalar(NONE, { literal: null });
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
    const query = effect.query && this.query(effect.query);
    const clone = {
      kind: effect.kind,
      seq: ++run.seq,
      site: effect.site,
      trail: this.#trails.to(this.#here, effect.trail, AS_IT_IS),
      steps: this.steps(effect.steps),
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
      deps: this.deps(effect.deps),
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
    const row = effect.row && this.value(effect.row);
    const fields = effect.fields && this.fieldsOf(effect, row);
    if (row?.kind === "row") {
      clone.row = row;
      if (row.model) clone.model = row.model;
    } else clone.row = undefined as never;
    const own = clone.model ? undefined : this.modelOfForm(effect);
    if (own) {
      clone.model = own;
      if (row?.kind === "row" && this.#own.has(row)) Object.assign(row, { model: own, cls: own.definition });
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
    const isKnown = (atom: Atom) => atom.kind !== "query" || this.#effects.has(atom.effect);
    return deps.every(isKnown) && guards.every((one) => one.deps.every(isKnown));
  }

  /** `super().create(validated_data)` in a serializer for all tables: here it is known whose `Meta` says which. */
  private modelOfForm({ kind, name }: Effect): Model | undefined {
    if (kind !== "create" || !/^(serializer|form)\.save$/.test(name)) return undefined;
    const self = this.#bound.get("self");
    return self?.kind === "row" && self.cls ? serializerModel(this.#run, self.cls) : undefined;
  }

  private steps(steps: readonly Step[]): readonly Step[] {
    return this.#stepLists.to(this.#run.steps, steps, (list) => {
      const renamed = this.#names.steps(list);
      for (const [index, one] of list.entries()) keepFlags(one, renamed[index]!, this.#bound);
      return renamed;
    });
  }

  private put(effect: Effect, clone: Effect): boolean {
    this.#effects.set(effect, clone);
    this.#lastDeps = NO_LIST;
    return this.#run.keep(clone);
  }

  /** Columns that a save in there writes: those changed in there, and those changed here before. */
  private fieldsOf(effect: Effect, row: Value | undefined): ReadonlyMap<string, Assigned> {
    const fields = new Map<string, Assigned>();
    // (What a row that was read in there is given later, is not in it yet.)
    if (effect.kind === "save" && row?.kind === "row" && !this.#own.has(row))
      for (const one of row.assigned) if (compatible(one.steps, this.#run.steps)) keepAssigned(fields, one);
    for (const [name, one] of effect.fields ?? [])
      for (const assigned of this.assignedHere(one))
        fields.set(one.name === "*" ? assigned.name : name, assigned);
    return fields;
  }

  /** `setattr(row, name, value)` over what was given: here it is known what that is. */
  private assignedHere(one: Assigned): readonly Assigned[] {
    const assigned = this.assigned(one);
    if (one.name !== "*" || this.#given.length === 0) return [assigned];
    return this.#given.map((given) => ({ ...given, steps: assigned.steps, seq: assigned.seq }));
  }

  private assigned(one: Assigned): Assigned {
    const value = this.value(one.value);
    const deps = this.deps(one.deps);
    const assigned: Assigned = {
      name: one.name,
      value,
      // A parameter that is written depends on nothing there; what was given for it may.
      deps: one.value.kind === "row" && value.deps !== one.value.deps ? union(deps, value.deps) : deps,
      database: one.database,
      constant: one.constant,
      inPlace: one.inPlace,
      site: one.site,
      steps: this.steps(one.steps),
      seq: ++this.#run.seq,
    };
    if (one.chosenBy) assigned.chosenBy = this.deps(one.chosenBy);
    if (one.whereNone) assigned.whereNone = this.deps(one.whereNone);
    return assigned;
  }

  private applyChanges({ row, inner }: Change): void {
    const mapped = this.value(row);
    if (mapped.kind !== "row" || this.stays(row, mapped)) return;
    for (const one of row.assigned)
      if (!this.isRuledOut(one.steps))
        for (const assigned of this.assignedHere(one)) addAssigned(mapped, assigned);
    for (const one of inner) this.applyChanges(one);
  }

  /** `mapped` is no other row than `row`, which was not given. */
  private stays(row: Row, mapped: Value): boolean {
    return mapped === row || (isLeftAlone(row) && mapped === this.#run.adopt(row));
  }

  value(value: Value): Value {
    switch (value.kind) {
      case "row":
        return this.row(value);
      case "query":
        return this.query(value);
      case "tuple":
        return {
          ...value,
          items: value.items.map((one) => this.value(one)),
          deps: this.deps(value.deps),
        };
      case "scalar":
        return value.deps.length === 0 && !value.entries ? value : this.scalar(value);
      default:
        return value;
    }
  }

  private scalar(value: Value & { readonly kind: "scalar" }): Value {
    const entries =
      value.entries && new Map([...value.entries].map(([name, one]) => [name, this.value(one)] as const));
    const missing = value.missing && this.missing(value.missing);
    return {
      ...value,
      deps: this.deps(value.deps),
      ...(entries ? { entries } : {}),
      ...(missing ? { missing } : {}),
    };
  }

  private missing(missing: Guard["missing"]): ReadonlyMap<Effect, number> {
    if (missing.size === 0) return NO_EFFECTS;
    const found = [...missing].flatMap(([effect, arm]) => {
      const here = this.#effects.get(effect);
      return here ? [[here, arm] as const] : [];
    });
    return found.length === 0 ? NO_EFFECTS : new Map(found);
  }

  private row(row: Row): Value {
    const known = this.#rows.get(row);
    if (known) return known;
    // What was not given (a default, `*args`) stays what it is.
    if (isLeftAlone(row)) return this.#run.adopt(row);
    const parent = row.parent && this.value(row.parent.row);
    // A loop in there over what was given here: a queryset is read now.
    if (row.parent?.name === "[*]" && parent && this.holdsRows(row.parent.row, parent)) {
      const held = heldIn(this.#run, parent, this.#span);
      const element = held === parent ? iterate(this.#run, parent, this.#span) : held;
      this.#rows.set(row, element);
      return element;
    }
    if (row.parent?.name === SLICE && parent && (parent.kind === "query" || isCollection(parent))) {
      const some = parent.kind === "query" ? sliceOf(this.#run, parent) : parent;
      this.#rows.set(row, some);
      return some;
    }
    if (parent?.kind === "tuple" && row.parent?.name === "[0]") return parent.items[0] ?? this.#run.unknown();
    if (
      row.parent &&
      parent &&
      !this.stays(row.parent.row, parent) &&
      row.parent.name !== "pk" &&
      !row.parent.name.startsWith("[")
    ) {
      const mapped = attributeOf(this.#run, parent, row.parent.name, this.#span);
      this.#rows.set(row, mapped);
      return mapped;
    }
    const prefix = row.parent && parent?.kind === "row" ? parent : undefined;
    const alias = row.alias && this.value(row.alias);
    const key =
      alias?.kind === "row"
        ? alias.key
        : prefix && row.parent
          ? `${prefix.key}${row.key.slice(row.parent.row.key.length)}`
          : (this.keyOfSearch(row) ?? this.key(row));
    const model = row.model && (this.#tables.get(row.model.name) ?? row.model);
    const moved = prefix && row.parent ? { parent: { row: prefix, name: row.parent.name } } : row;
    const id = this.#run.program.fresh();
    const clone = filledFrom(row, bareRow({ id, key, origin: row.origin, deps: NONE }, moved));
    if (model) clone.model = model;
    if (model?.definition && model !== row.model) clone.cls = model.definition;
    if (alias?.kind === "row") clone.alias = alias;
    this.#rows.set(row, clone);
    this.#own.add(clone);
    clone.deps = this.deps(row.deps);
    if (row.fetch) {
      const fetch = this.#effects.get(row.fetch);
      if (fetch) clone.fetch = fetch;
    }
    if (row.instance) clone.instance = this.value(row.instance);
    if (row.input) clone.input = this.deps(row.input);
    for (const one of row.assigned)
      for (const assigned of this.assignedHere(one)) addAssigned(clone, assigned);
    for (const one of row.refreshes) {
      const mapped = this.#effects.get(one);
      if (mapped) addRefresh(clone, mapped);
    }
    return clone;
  }

  /** A queryset, a list; or what is one somewhere else: a loop here gets the rows that a loop there gets. */
  private holdsRows(given: Row, parent: Value): boolean {
    if (parent.kind === "query" || isCollection(parent)) return true;
    return (
      parent.kind === "row" && !this.stays(given, parent) && this.#run.attribute(parent, "[*]") !== undefined
    );
  }

  /** A row that was looked for by what was given is looked for by what that is here. */
  private keyOfSearch({ key, fetch }: Row): string | undefined {
    const query = fetch && this.#effects.get(fetch)?.query;
    if (!query || !key.endsWith("]")) return undefined;
    const found = keyOfQuery(this.#run, query);
    return found.endsWith("]") ? found : undefined;
  }

  /** Rows found by a parameter's key are, here, the rows of what was given. */
  private key(row: Row): string {
    for (const [name, value] of this.#analysis.parameters) {
      const given = this.#bound.get(name);
      if (value.kind !== "row" || !given) continue;
      if (row.key === value.key || row.key.startsWith(`${value.key}.`)) {
        const base = given.kind === "row" ? given.key : `#${this.#run.program.fresh()}`;
        return `${base}${row.key.slice(value.key.length)}`;
      }
    }
    // (`get_or_create` in there: of each call its own, whatever it was called with.)
    if (!row.key.startsWith("#") && row.origin !== "new" && !/\]#\d+$/.test(row.key)) return row.key;
    const own = `@${this.#run.program.fresh()}`;
    return `${row.key}${own}`;
  }

  private query(query: Query): Query {
    const self = query.isSelf === true ? this.#bound.get("self") : undefined;
    if (self?.kind === "query") return this.narrowed(query, self);
    const owner = query.owner && this.value(query.owner.row);
    if (owner?.kind === "query" && query.owner?.name === GIVEN_QUERY) return this.narrowed(query, owner);
    const model = query.model && (this.#tables.get(query.model.name) ?? query.model);
    return {
      ...query,
      ...(model ? { model } : {}),
      id: this.#run.program.fresh(),
      filters: query.filters.map((one) => ({ ...one, value: this.value(one.value) })),
      deps: this.deps(query.deps),
      ...(owner?.kind === "row" && query.owner ? { owner: { row: owner, name: query.owner.name } } : {}),
    };
  }

  /** A queryset parameter, narrowed in there: the queryset that was given, narrowed. */
  private narrowed(query: Query, given: Query): Query {
    const filters = query.filters.map((one) => ({ ...one, value: this.value(one.value) }));
    const { owner: _, model: own, ...steps } = query;
    const model = given.model ?? own;
    return {
      ...given,
      ...steps,
      ...(model ? { model } : {}),
      isSelf: given.isSelf === true,
      id: this.#run.program.fresh(),
      filters: [...given.filters, ...filters],
      locked: given.locked || query.locked,
      opaque: given.opaque || query.opaque,
      deps: union(given.deps, this.deps(query.deps)),
    };
  }

  /** A value and what it is given to depend on the same: asked for twice in a row, it is the same list. */
  private deps(deps: Deps): Deps {
    if (deps.length === 0) return NONE;
    const { of, seq, list } = this.#lastDeps;
    if (of === deps && seq === this.#run.seq) return list;
    const made = union(...deps.map((one) => this.atom(one)));
    this.#lastDeps = { of: deps, seq: this.#run.seq, list: made };
    return made;
  }

  private atom(atom: Atom): Deps {
    if (atom.kind === "query") {
      const effect = this.#effects.get(atom.effect);
      return effect ? [{ kind: "query", effect }] : NONE;
    }
    const row = this.value(atom.row);
    if (row.kind !== "row") return union(row.deps);
    if (atom.name === WHOLE)
      return union(row.deps, identityDeps(row), operandDeps(this.#run, row, this.#span));
    // An attribute of an object that is no row holds what it was given.
    const held = row.origin === "new" && !row.model ? this.#run.assignedTo(row, atom.name) : undefined;
    if (held) return held.deps;
    // Written out, here and below: a spread object keeps all but four of its properties in a second one.
    return [{ kind: "field", row, name: atom.name, site: atom.site, seq: this.#run.seq }];
  }

  private guard(guard: Guard): Guard {
    const known = this.#guards.get(guard);
    if (known) return known;
    const run = this.#run;
    const mapped: Guard = {
      id: run.program.fresh(),
      kind: guard.kind,
      deps: this.deps(guard.deps),
      site: guard.site,
      trail: this.#trails.to(this.#here, guard.trail, AS_IT_IS),
      seq: ++run.seq,
      steps: this.steps(guard.steps),
      ordered: guard.ordered,
      txns: joined(run.txns, this.#names.txns(guard.txns)),
      locks: joined(run.allLocks(), this.#names.locks(guard.locks)),
      missing: this.missing(guard.missing),
      branch: guard.branch === undefined ? undefined : this.#names.branch(guard.branch),
      refuses: guard.refuses,
      leaves: guard.leaves,
    };
    this.#guards.set(guard, mapped);
    return mapped;
  }
}

/** What only the caller can say what it is: a parameter, the object of the method, who asks. */
function isLeftAlone(row: Row): boolean {
  return ((row.origin === "parameter" || row.origin === "self") && !row.parent) || row.origin === "principal";
}

/** Both, one after the other; often one of them is empty. */
function joined<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  if (other.length === 0) return one;
  return one.length === 0 ? other : one.concat(other);
}
