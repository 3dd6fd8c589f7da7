import type { Span } from "../parse/syntax.ts";
import type { Model } from "../project/model.ts";
import { attributeOf } from "./attributes.ts";
import { keyMeant, tablesMeant } from "./bind.ts";
import { isCollection } from "./collections.ts";
import { identityDeps } from "./dependencies.ts";
import { type Effect, type Guard, NO_EFFECTS, type Step } from "./effect.ts";
import { isRuledOut, keepFlags } from "./flags.ts";
import type { Summary } from "./program.ts";
import { Appended, type Renaming } from "./renaming.ts";
import { heldIn, iterate, keyOfQuery, sliceOf } from "./rows.ts";
import { operandDeps, type Run } from "./run.ts";
import {
  type Assigned,
  type Atom,
  addAssigned,
  addRefresh,
  bareRow,
  type Deps,
  filledFrom,
  GIVEN_QUERY,
  NONE,
  type Query,
  type Row,
  SLICE,
  union,
  type Value,
  WHOLE,
} from "./values.ts";

const NO_LIST: { readonly of: Deps; readonly seq: number; readonly list: Deps } = {
  of: NONE,
  seq: 0,
  list: NONE,
};

/** A call, as far as it says what stands for what. */
interface Call {
  readonly span: Span;
  readonly parameters: Summary["parameters"];
  readonly bound: ReadonlyMap<string, Value>;
  /** Columns that it gives by names which only it knows. */
  readonly given: readonly Assigned[];
  readonly names: Renaming;
}

/** What stands here for a value of a called function: its parameters replaced by what they are in this call. */
export class Substitution {
  readonly #run: Run;
  readonly #call: Call;
  readonly #rows = new Map<Row, Value>();
  /** Rows that came to be in there. */
  readonly #own = new Set<Row>();
  readonly #effects = new Map<Effect, Effect>();
  readonly #tables: ReadonlyMap<string, Model>;
  readonly #stepLists = new Appended<Step>();
  #lastDeps = NO_LIST;

  constructor(run: Run, call: Call) {
    this.#run = run;
    this.#call = call;
    for (const [name, value] of call.parameters) {
      const given = call.bound.get(name);
      if (value.kind === "row" && given) this.#rows.set(value, given);
      if (value.kind === "query" && value.owner?.name === GIVEN_QUERY && given)
        this.#rows.set(value.owner.row, given);
    }
    this.#tables = tablesMeant(run, call.parameters, call.bound);
  }

  /** From now on `clone` stands for `effect`. */
  know(effect: Effect, clone: Effect): void {
    this.#effects.set(effect, clone);
    this.#lastDeps = NO_LIST;
  }

  knows(effect: Effect): boolean {
    return this.#effects.has(effect);
  }

  /** Whether the row came to be in there. */
  isOwn(row: Row): boolean {
    return this.#own.has(row);
  }

  steps(steps: readonly Step[]): readonly Step[] {
    return this.#stepLists.to(this.#run.steps, steps, (list) => {
      const renamed = this.#call.names.steps(list);
      for (const [index, one] of list.entries()) keepFlags(one, renamed[index]!, this.#call.bound);
      return renamed;
    });
  }

  /** `setattr(row, name, value)` over what was given: here it is known what that is. */
  assignedHere(one: Assigned): readonly Assigned[] {
    const assigned = this.assigned(one);
    if (one.name !== "*" || this.#call.given.length === 0) return [assigned];
    return this.#call.given.map((given) => ({ ...given, steps: assigned.steps, seq: assigned.seq }));
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

  /** `mapped` is no other row than `row`, which was not given. */
  stays(row: Row, mapped: Value): boolean {
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

  missing(missing: Guard["missing"]): ReadonlyMap<Effect, number> {
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
      const held = heldIn(this.#run, parent, this.#call.span);
      const element = held === parent ? iterate(this.#run, parent, this.#call.span) : held;
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
      const mapped = attributeOf(this.#run, parent, row.parent.name, this.#call.span);
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
          : (this.keyOfSearch(row) ?? keyMeant(this.#run, this.#call.parameters, this.#call.bound, row));
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
      const fetch = this.#effects.get(row.fetch) ?? this.readOtherwise(row);
      if (fetch) clone.fetch = fetch;
    }
    if (row.perhapsNew) this.setPerhapsNew(clone, row.perhapsNew);
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

  /** Given by the caller, it is new where that has made it. */
  private setPerhapsNew(clone: Row, row: Row): void {
    const made = this.value(row);
    if (made.kind === "row" && (made.origin === "new" || made.origin === "parameter"))
      clone.perhapsNew = made;
    else delete clone.perhapsNew;
  }

  /** Where the arm that has read it is not taken in this call: the read of the same row in the other one. */
  private readOtherwise({ key, fetch }: Row): Effect | undefined {
    if (!fetch || !isRuledOut(fetch.steps, this.#call.bound)) return undefined;
    for (const [effect, here] of this.#effects)
      if (effect.kind === "fetch" && effect.row?.key === key) return here;
    return undefined;
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

  query(query: Query): Query {
    const self = query.isSelf === true ? this.#call.bound.get("self") : undefined;
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
  deps(deps: Deps): Deps {
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
      return union(row.deps, identityDeps(row), operandDeps(this.#run, row, this.#call.span));
    // An attribute of an object that is no row holds what it was given.
    const held = row.origin === "new" && !row.model ? this.#run.assignedTo(row, atom.name) : undefined;
    if (held) return held.deps;
    // Written out, here and below: a spread object keeps all but four of its properties in a second one.
    return [{ kind: "field", row, name: atom.name, site: atom.site, seq: this.#run.seq }];
  }
}

/** What only the caller can say what it is: a parameter, the object of the method, who asks. */
function isLeftAlone(row: Row): boolean {
  return ((row.origin === "parameter" || row.origin === "self") && !row.parent) || row.origin === "principal";
}
