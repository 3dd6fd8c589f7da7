import { CalledNames } from "../project/called.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Models } from "../project/models.ts";
import type { Project } from "../project/project.ts";
import { type Route, routesOf } from "../project/routes.ts";
import type { Settings } from "../project/settings.ts";
import { analyse } from "./analyse.ts";
import type { Effect, Guard, Lock } from "./effect.ts";
import type { Row, Site, Value } from "./values.ts";

/** What a function does, in the order in which it does it; called functions' effects included. */
export interface Analysis {
  readonly fn: FunctionDefinition;
  readonly effects: readonly Effect[];
  readonly guards: readonly Guard[];
  /** The row that it returns. */
  readonly row?: Row;
  /** Of a step that a class above leaves to it: all that is done where that takes it (`stepLeftTo`). */
  readonly asStep?: { readonly effects: readonly Effect[]; readonly guards: readonly Guard[] };
  readonly summary: Summary;
}

/** What callers have to know of a function. It is all that is kept. */
export interface Summary {
  readonly fn: FunctionDefinition;
  readonly effects: readonly Effect[];
  /** Conditions under which it raises instead of returning. */
  readonly refusals: readonly Guard[];
  readonly parameters: ReadonlyMap<string, Value>;
  readonly result?: Value;
  /** Rows that it returns in the place of `result`, in another arm. */
  readonly otherRows?: readonly Row[];
  /** Rows of parameters that it has changed in Python. */
  readonly changed: readonly Change[];
  /** Named locks that it has taken and not given back. */
  readonly held: readonly Lock[];
  /** Locks of a transaction of its own: a caller that is in one holds them after that. */
  readonly ended: readonly Lock[];
}

export interface Change {
  readonly row: Row;
  readonly inner: readonly Change[];
}

/** Beyond this nesting of calls a called function counts as out of sight. */
export const DEEPEST_CALL = 30;
/** Callers that are kept of a function: one of them leads to a route, if any does. */
export const MOST_CALLS = 16;

export class Program {
  readonly project: Project;
  readonly models: Models;
  readonly settings: Settings;
  #declared: readonly Route[] | undefined;
  #routes: ReadonlyMap<FunctionDefinition, Route> | undefined;
  readonly #summaries = new Map<FunctionDefinition, Summary | "running" | "forgotten">();
  #called: CalledNames | undefined;
  readonly #calls = new Map<FunctionDefinition, readonly Site[]>();
  #watch: (analysis: Analysis) => boolean = () => true;
  #depth = 0;
  #next = 1;

  /** `routes`: all that the source declares, where that is known already. */
  constructor(project: Project, models: Models, settings: Settings, routes?: readonly Route[]) {
    this.project = project;
    this.models = models;
    this.settings = settings;
    this.#declared = routes;
  }

  /** All that the source declares. */
  get routes(): readonly Route[] {
    this.#declared ??= routesOf(this.project, this.settings);
    return this.#declared;
  }

  /** The route whose handler `fn` is. */
  routeTo(fn: FunctionDefinition): Route | undefined {
    this.#routes ??= new Map(this.routes.flatMap((one) => (one.entry ? [[one.entry, one] as const] : [])));
    return this.#routes.get(fn);
  }

  /** A number that nothing else has: for rows, branches, transactions. */
  fresh(): number {
    return this.#next++;
  }

  /**
   * `watch` sees each function's analysis once, and says whether something hangs on it; afterwards only its summary is
   * kept, and of what hardly anybody calls not even that.
   */
  watch(watch: (analysis: Analysis) => boolean): void {
    this.#watch = watch;
    this.#summaries.clear();
    this.#calls.clear();
  }

  noteCall(fn: FunctionDefinition, from: Site): void {
    const known = this.#calls.get(fn);
    if (!known) this.#calls.set(fn, [from]);
    // A new list, as long as it is: what is added to has room for sixteen more.
    else if (known.length < MOST_CALLS && !known.some((one) => one.fn === from.fn))
      this.#calls.set(fn, known.concat(from));
  }

  /** The analysis that runs looks at the text of `fn`, without calling it. */
  noteRead(_fn: FunctionDefinition): void {}

  /** The analysis that runs has taken over an effect of the analysis of `fn`. */
  noteTaken(_fn: FunctionDefinition, _seq: number): void {}

  /** Where `fn` is called from: one place a caller. */
  callsOf(fn: FunctionDefinition): readonly Site[] {
    return this.#calls.get(fn) ?? [];
  }

  /** As far as names tell: somebody may ask for what it does. */
  protected isCalled(fn: FunctionDefinition): boolean {
    this.#called ??= new CalledNames(this.project);
    return this.#called.has(fn);
  }

  /** What `fn` does; `undefined` inside a recursion, and beyond the deepest nesting. */
  summary(fn: FunctionDefinition): Summary | undefined {
    const known = this.#summaries.get(fn);
    if (known === "running" || this.#depth >= DEEPEST_CALL) return undefined;
    if (known && known !== "forgotten") return known;
    this.#summaries.set(fn, "running");
    this.#depth++;
    try {
      const found = analyse(this, fn);
      const isKept = known === "forgotten" || this.#watch(found) || this.isCalled(fn);
      this.#summaries.set(fn, isKept ? found.summary : "forgotten");
      return found.summary;
    } finally {
      this.#depth--;
      if (this.#summaries.get(fn) === "running") this.#summaries.delete(fn);
    }
  }
}
