import type { FunctionDefinition } from "../project/definitions.ts";
import type { Models } from "../project/models.ts";
import type { Project } from "../project/project.ts";
import { type Route, routesOf } from "../project/routes.ts";
import type { Settings } from "../project/settings.ts";
import { analyse } from "./analyse.ts";
import type { Effect, Guard, Lock } from "./effect.ts";
import type { Row, Value } from "./values.ts";

/** What a function does, in the order in which it does it; called functions' effects included. */
export interface Analysis {
  readonly fn: FunctionDefinition;
  readonly effects: readonly Effect[];
  /** Those of them that can matter to a caller. */
  readonly summary: readonly Effect[];
  readonly guards: readonly Guard[];
  /** Conditions under which it raises instead of returning. */
  readonly refusals: readonly Guard[];
  readonly parameters: ReadonlyMap<string, Value>;
  readonly result: Value | undefined;
  /** Rows of parameters that it has changed in Python. */
  readonly changed: readonly Row[];
  /** Named locks that it has taken and not given back. */
  readonly held: readonly Lock[];
  readonly truncated: boolean;
}

/** Beyond this nesting of calls a called function counts as out of sight. */
const DEEPEST_CALL = 30;

export class Program {
  readonly project: Project;
  readonly models: Models;
  readonly settings: Settings;
  #routes: ReadonlyMap<FunctionDefinition, Route> | undefined;
  readonly #analyses = new Map<FunctionDefinition, Analysis | "running">();
  #depth = 0;
  #next = 1;

  constructor(project: Project, models: Models, settings: Settings) {
    this.project = project;
    this.models = models;
    this.settings = settings;
  }

  /** The route whose handler `fn` is. */
  routeTo(fn: FunctionDefinition): Route | undefined {
    this.#routes ??= new Map(
      routesOf(this.project, this.settings).flatMap((one) => (one.entry ? [[one.entry, one] as const] : [])),
    );
    return this.#routes.get(fn);
  }

  /** A number that nothing else has: for rows, branches, transactions. */
  fresh(): number {
    return this.#next++;
  }

  /** What `fn` does; `undefined` inside a recursion, and beyond the deepest nesting. */
  analysis(fn: FunctionDefinition): Analysis | undefined {
    const known = this.#analyses.get(fn);
    if (known === "running" || this.#depth >= DEEPEST_CALL) return undefined;
    if (known) return known;
    this.#analyses.set(fn, "running");
    this.#depth++;
    try {
      const found = analyse(this, fn);
      this.#analyses.set(fn, found);
      return found;
    } finally {
      this.#depth--;
      if (this.#analyses.get(fn) === "running") this.#analyses.delete(fn);
    }
  }
}
