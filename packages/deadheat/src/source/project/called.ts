import type { FunctionDefinition } from "./definitions.ts";
import type { Project } from "./project.ts";
import { calledIn, callsThatMean, isProperty } from "./reach.ts";

/** What a request, a framework or a validator calls, and the analysis with it, without a call being written. */
const CALLED_UNSEEN =
  /^(__\w+__|(validate|clean|has|allow|get|test|perform|check)_?\w*|save|create|update|dispatch)$/;
const HANDLES = /^(get|post|put|patch|delete|head|options|handle)$/;

/**
 * Functions that some text of the project calls, as far as their names tell: too many, and of what only frameworks and
 * tables of routes call, most are none of them.
 */
export class CalledNames {
  readonly #names: ReadonlySet<string>;

  constructor({ modules }: Project) {
    this.#names = new Set(modules.flatMap((one) => one.all.flatMap(calledIn)));
  }

  has(fn: FunctionDefinition): boolean {
    if (fn.owner && HANDLES.test(fn.name)) return false;
    if (CALLED_UNSEEN.test(fn.name) || isProperty(fn)) return true;
    return callsThatMean(fn).some((one) => this.#names.has(one));
  }
}
