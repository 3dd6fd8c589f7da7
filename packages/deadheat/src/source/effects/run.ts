import type { Span } from "../parse/syntax.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { countsIn, identityDeps, missedIn } from "./dependencies.ts";
import {
  compatible,
  type Effect,
  type EffectKind,
  type Guard,
  type Lock,
  NO_EFFECTS,
  READS,
  type Step,
  type Transaction,
} from "./effect.ts";
import type { Inlining } from "./inlining.ts";
import type { Program } from "./program.ts";
import { bareScalar, isConstant, type ScalarFacts } from "./scalars.ts";
import type { StepLeft } from "./steps-left.ts";
import {
  type Assigned,
  addAssigned,
  bareRow,
  type Deps,
  filledFrom,
  listsOf,
  NONE,
  type Origin,
  type Row,
  type Site,
  union,
  type Value,
  WHOLE,
} from "./values.ts";

const MOST_EFFECTS = 100;

/** Made by the ten thousand and kept: one for all that have none. */
const NO_SITES: readonly Site[] = [];

export type Env = Map<string, Value>;

/** The state of one walk through one function. */
export class Run {
  readonly program: Program;
  /** Whose text is walked through: of an inlined call, the called function. */
  fn: FunctionDefinition;
  /** Present where called functions are walked through in place (one request), and not summarised. */
  readonly inlining: Inlining | undefined;
  env: Env = new Map();
  /** Names of the module that were asked for: one value a name, so that two mentions are equal. */
  globals: Env = new Map();
  readonly effects: Effect[] = [];
  readonly allGuards: Guard[] = [];
  readonly refusals: Guard[] = [];
  readonly results: Value[] = [];
  /** What it yields, and the locks under which it does: of a context manager, what its `with` gets. */
  readonly yields: { readonly value: Value; readonly locks: readonly Lock[] }[] = [];
  /** What a generator hands out. */
  readonly generated: Value[] = [];
  steps: readonly Step[] = [];
  guards: readonly Guard[] = [];
  txns: readonly Transaction[] = [];
  locks: readonly Lock[] = [];
  /** Locks taken by a call and not by a block: they last until the transaction or the function ends. */
  held: readonly Lock[] = [];
  /** Those whose transaction has ended here: in one of the caller's, which was around it, they are held still. */
  ended: readonly Lock[] = [];
  /** The same, of locks that others may hold beside: they keep only who takes them exclusively waiting. */
  shared: readonly Lock[] = [];
  handlers: readonly string[] = [];
  loop = 0;
  /** `except Member.DoesNotExist: return email` of the `try` before: a `raise` after it means that one was found. */
  returnedMissing: Guard | undefined;
  /** What is walked through is the method that takes a step which this class fills in. */
  stepLeft: StepLeft | undefined;
  /** How many arms so far did not go on. */
  left = 0;
  /** Of the loop that is run: for each `break`, the conditions of it that found nothing. */
  breaks: (readonly Guard[])[] = [];
  deferred = false;
  truncated = false;
  /** Values of which it was asked whether something is in them, by their ids. */
  readonly containers = new Set<number>();
  /** What is walked through is asked before the function runs: what it reads counts here, what it writes does there. */
  asking = false;
  readonly #classes: object[] = [];
  #whose: number | undefined;

  /** The branch whose arms are the classes that may be meant by `self`. */
  get whoseSteps(): number {
    this.#whose ??= this.program.fresh();
    return this.#whose;
  }

  armOf(cls: object): number {
    const known = this.#classes.indexOf(cls);
    return known >= 0 ? known : this.#classes.push(cls) - 1;
  }

  /** Nesting of functions defined inside this one. */
  closures = 0;
  /** How many `try` there are around. */
  tries = 0;
  seq = 0;

  constructor(program: Program, fn: FunctionDefinition, inlining?: Inlining) {
    this.program = program;
    this.fn = fn;
    this.inlining = inlining;
  }

  site(span: Span): Site {
    return { fn: this.fn, start: span.start, end: span.end };
  }

  allLocks(): readonly Lock[] {
    return this.held.length === 0 ? this.locks : [...this.locks, ...this.held];
  }

  emit(
    kind: EffectKind,
    span: Span,
    more: Partial<
      Pick<
        Effect,
        "row" | "query" | "key" | "model" | "fields" | "columns" | "deps" | "name" | "lookups" | "defaults"
      >
    > = {},
  ): Effect {
    const effect: Effect = {
      kind,
      seq: ++this.seq,
      site: this.site(span),
      trail: NO_SITES,
      steps: this.steps,
      guards: this.guards,
      txns: this.txns,
      locks: this.allLocks(),
      handlers: this.handlers,
      loop: this.loop,
      deferred: this.deferred,
      deps: NONE,
      name: "",
      tested: false,
      taken: false,
      ...(this.shared.length > 0 ? { shared: this.shared } : {}),
      ...more,
    };
    this.keep(effect);
    return effect;
  }

  /** Whether what is met now is what the function does, and not one that is asked before it. */
  counts({ kind }: Pick<Effect, "kind">): boolean {
    return !this.asking || (READS.has(kind) && kind !== "get-or-create");
  }

  /** False where it is none of what counts, or one too many. */
  keep(effect: Effect): boolean {
    if (!this.counts(effect)) return false;
    this.truncated ||= this.effects.length >= MOST_EFFECTS;
    if (!this.truncated) this.effects.push(effect);
    return !this.truncated;
  }

  row(
    origin: Origin,
    key: string,
    more: {
      readonly model?: Model | undefined;
      readonly cls?: Row["cls"];
      readonly parent?: Row["parent"];
      readonly parameter?: string;
      readonly deps?: Deps;
    } = {},
  ): Row {
    const { model, cls, parent, parameter, deps = NONE } = more;
    const row = bareRow({ id: this.program.fresh(), key, origin, deps }, more);
    if (model) row.model = model;
    if (cls) row.cls = cls;
    if (parameter && parent) row.parameter = parameter;
    return row;
  }

  readonly #adopted = new Map<Row, Row>();

  /**
   * What stands here for a row of a called function that it was not given: a copy, one a run. What is done to it here
   * is not seen by other callers of that function, whichever of them is analysed first.
   */
  adopt(row: Row): Row {
    const known = this.#adopted.get(row);
    if (known) return known;
    const copy = filledFrom(row, bareRow(row, row));
    Object.assign(copy, listsOf(row));
    this.#adopted.set(row, copy);
    return copy;
  }

  /** A row of which nothing is known but what it was computed from. */
  unknown(deps: Deps = NONE, origin: Origin = "call"): Row {
    return this.row(origin, `#${this.program.fresh()}`, { deps });
  }

  scalar(deps: Deps = NONE, more: ScalarFacts = {}): Value {
    return bareScalar({ id: this.program.fresh(), deps }, more);
  }

  /** What attributes of rows (and of a manager) were found to be, by the id: two copies of an object have the same. */
  readonly #attributes = new Map<number, Map<string, Value>>();

  attribute(row: Pick<Row, "id">, name: string): Value | undefined {
    return this.#attributes.get(row.id)?.get(name);
  }

  /** What a queryset held when it was read: the object keeps its rows. */
  readonly elements = new Map<number, Row>();

  setAttribute(row: Pick<Row, "id">, name: string, value: Value): void {
    const known = this.#attributes.get(row.id);
    if (known) known.set(name, value);
    else this.#attributes.set(row.id, new Map([[name, value]]));
  }

  attributesOf(row: Row): Iterable<Value> {
    return this.#attributes.get(row.id)?.values() ?? [];
  }

  forgetAttributes(row: Row): void {
    this.#attributes.delete(row.id);
  }

  /** The last value given to an attribute on the way to here. */
  assignedTo(row: Row, name: string): Assigned | undefined {
    for (let at = row.assigned.length - 1; at >= 0; at--) {
      const one = row.assigned[at]!;
      if (one.name === name && compatible(one.steps, this.steps)) return one;
    }
    return undefined;
  }

  assign(row: Row, name: string, value: Value, span: Span, inPlace = false): void {
    const assigned: Assigned = {
      name,
      value,
      deps: union(value.deps, identityDeps(value)),
      database: value.kind === "scalar" && value.database === true,
      constant: isConstant(value),
      inPlace,
      site: this.site(span),
      steps: this.steps,
      seq: ++this.seq,
    };
    const counts = row.origin === "new" ? countsIn(this.guards) : NONE;
    if (counts.length > 0) assigned.chosenBy = counts;
    const none = assigned.constant && row.model ? missedIn(this.guards, this.steps, row.model) : NONE;
    if (none.length > 0) assigned.whereNone = none;
    addAssigned(row, assigned);
  }

  /** Filled while a condition is evaluated: which arm means that a query found nothing. */
  missing = new Map<Effect, number>();
  /** Noted while a condition is evaluated: it asks for a truth that was found by comparing sizes. */
  asksForSize = false;

  private takeMissing(): ReadonlyMap<Effect, number> {
    if (this.missing.size === 0) return NO_EFFECTS;
    const taken = this.missing;
    this.missing = new Map();
    return taken;
  }

  guard(kind: Guard["kind"], deps: Deps, span: Span, ordered = false): Guard {
    const guard: Guard = {
      id: this.program.fresh(),
      kind,
      deps,
      site: this.site(span),
      trail: NO_SITES,
      seq: ++this.seq,
      steps: this.steps,
      ordered,
      missing: this.takeMissing(),
      txns: this.txns,
      locks: this.allLocks(),
      // Most will have them; what is added later takes more room.
      branch: undefined,
      refuses: false,
      leaves: false,
    };
    this.allGuards.push(guard);
    return guard;
  }
}

/** What a sum, a text, a number made of `value` depends on: of a parameter, whatever is given for it. */
export function operandDeps(run: Run, value: Value, span: Span): Deps {
  if (value.kind !== "row" || value.origin !== "parameter" || value.model || value.parent) return value.deps;
  return union(value.deps, [{ kind: "field", row: value, name: WHOLE, site: run.site(span), seq: run.seq }]);
}
