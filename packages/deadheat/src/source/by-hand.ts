import { isEntryFunction } from "./effects/decorators.ts";
import type { Program } from "./effects/program.ts";
import { COMMON_METHODS } from "./facts/names.ts";
import type { FunctionDefinition, Module } from "./project/definitions.ts";

/**
 * Who runs a function. `requests`: anybody, at any time. `once`: a command or a migration, which somebody starts and
 * waits for. `worker`: a command that goes on in a loop, of which several may run.
 */
export type Runner = "requests" | "once" | "worker";

const COMMANDS = /(^|\/)(management\/commands|scripts)\//;
/** Goes on until it is told to stop, or waits for something to do. */
const LOOPS = /^\s*while\s+(True\b|1\s*:|not\b|self\b|\w*(run|alive|keep|go)\w*)|\bsleep\(|\brun_forever\(/m;
/** As many callers as are kept of a function: there may be more. */
const MANY_CALLERS = 16;
/** What a framework calls by its name. */
const HOOK =
  /^(__\w+__|save\w*|delete\w*|clean\w*|validate\w*|to_\w+|get_\w+|perform_\w+|form_\w+|has_\w+|ready|dispatch|authenticate|allowed_methods)$/;

/** Which functions nothing but a command leads to. Where the source leaves that open, requests do. */
export class Runners {
  readonly #program: Program;
  readonly #known = new Map<FunctionDefinition, Runner>();

  constructor(program: Program) {
    this.#program = program;
  }

  of(fn: FunctionDefinition): Runner {
    const known = this.#known.get(fn);
    if (known) return known;
    // Inside of a recursion the others decide.
    this.#known.set(fn, "once");
    const answer = this.decide(fn);
    this.#known.set(fn, answer);
    return answer;
  }

  private decide(fn: FunctionDefinition): Runner {
    if (COMMANDS.test(fn.module.path)) return LOOPS.test(fn.module.source.text) ? "worker" : "once";
    if (/@(\w+\.)*receiver\(\s*(post|pre)_migrate\b/.test(fn.head())) return "once";
    if (HOOK.test(fn.name) || COMMON_METHODS.has(fn.name)) return "requests";
    if (isEntryFunction(fn) || this.#program.routeTo(fn) || isRegistered(fn)) return "requests";
    const callers = this.#program.callsOf(fn);
    const isConnected = this.isRunByMigrations(fn);
    if ((callers.length === 0 && !isConnected) || callers.length >= MANY_CALLERS) return "requests";
    const runners = callers.map((one) => (one.fn === fn ? "once" : this.of(one.fn)));
    if (runners.includes("requests") || this.isMentioned(fn)) return "requests";
    return runners.includes("worker") ? "worker" : "once";
  }

  private isRunByMigrations({ name }: FunctionDefinition): boolean {
    return this.#program.project.modules.some(({ source: { text } }) => {
      const at = text.indexOf("_migrate.connect(");
      return at >= 0 && new RegExp(`_migrate\\.connect\\(\\s*(\\w+\\.)*${name}\\b`).test(text);
    });
  }

  /** Called, or handed on, by somebody who was not seen to call it. */
  private isMentioned(fn: FunctionDefinition): boolean {
    return this.#program.project.modules.some(
      (module) =>
        !COMMANDS.test(module.path) && module.source.text.includes(fn.name) && this.isIn(module, fn),
    );
  }

  private isIn(module: Module, fn: FunctionDefinition): boolean {
    const { text } = module.source;
    for (const { index } of text.matchAll(new RegExp(`\\b${fn.name}\\b`, "g"))) {
      const line = text.slice(text.lastIndexOf("\n", index) + 1, index);
      const isHead = /^\s*(async\s+)?def\s+$/.test(line);
      const isImported = /^(from\s+\S+\s+)?import\b/.test(line) || /^\s+(\w+,\s*)*$/.test(line);
      const isConnected = /_migrate\.connect\(\s*(\w+\.)*$/.test(text.slice(Math.max(0, index - 80), index));
      if (isHead || isConnected) continue;
      const around = module.all.filter((one) => one.start <= index && index < one.end);
      if (around.some((one) => one === fn)) continue;
      if (around.length === 0 ? !isImported : around.some((one) => this.of(one) === "requests")) return true;
    }
    return false;
  }
}

/** A task, a receiver, a command of a tool: whoever registered it runs it. */
function isRegistered(fn: FunctionDefinition): boolean {
  const { decorators } = fn.signature();
  const { text } = fn.module.source;
  return decorators.some(
    (one) =>
      !/^(\w+\.)*(staticmethod|classmethod|property|cached_property|atomic|wraps|lru_cache|cache|override)\b/.test(
        text.slice(one.start, one.end),
      ),
  );
}
