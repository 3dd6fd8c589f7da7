import { isEntryFunction } from "./effects/decorators.ts";
import type { Program } from "./effects/program.ts";
import { COMMON_METHODS } from "./facts/names.ts";
import { type Mention, MentionsRead } from "./mentions.ts";
import type { FunctionDefinition, Module } from "./project/definitions.ts";
import type { Project } from "./project/project.ts";

/**
 * Who runs a function. `requests`: anybody, at any time. `once`: a command or a migration, which somebody starts and
 * waits for. `worker`: a command that goes on in a loop, of which several may run.
 */
export type Runner = "requests" | "once" | "worker";

export const COMMANDS = /(^|\/)(management\/commands|scripts)\//;
/** Goes on until it is told to stop, or waits for something to do. */
const LOOPS = /^\s*while\s+(True\b|1\s*:|not\b|self\b|\w*(run|alive|keep|go)\w*)|\bsleep\(|\brun_forever\(/m;
/** As many callers as are kept of a function: there may be more. */
const MANY_CALLERS = 16;
/** What a framework calls by its name. */
const HOOK =
  /^(__\w+__|save\w*|delete\w*|clean\w*|validate\w*|to_\w+|get_\w+|perform_\w+|form_\w+|has_\w+|ready|dispatch|authenticate|allowed_methods)$/;

/** What the texts tell of who runs what. */
export interface RunnerFacts {
  /** A module of commands in which one goes on in a loop. */
  loops(module: Module): boolean;
  /** A receiver of what migrations send. */
  isOfMigrations(fn: FunctionDefinition): boolean;
  /** A task, a receiver, a command of a tool: whoever registered it runs it. */
  isRegistered(fn: FunctionDefinition): boolean;
  /** Connected to what migrations send, somewhere. */
  isConnected(name: string): boolean;
  /** Who mentions a name, in the order of the sources; commands aside. */
  mentions(name: string): readonly Mention[];
}

export class RunnerFactsRead implements RunnerFacts {
  readonly #mentions: MentionsRead;

  constructor(project: Project) {
    this.#mentions = new MentionsRead(project.modules);
  }

  loops(module: Module): boolean {
    return LOOPS.test(module.source.text);
  }

  isOfMigrations(fn: FunctionDefinition): boolean {
    if (/@(\w+\.)*receiver\(\s*(post|pre)_migrate\b/.test(fn.head())) return true;
    // `apps.get_model("app", "Model")` of an argument: a registry of models as they were, which only they hand out.
    return fn
      .signature()
      .parameters.some(({ name }) =>
        new RegExp(`\\b${name}\\.get_model\\(\\s*["'](\\w+["']\\s*,|\\w+\\.\\w+["'])`).test(fn.text()),
      );
  }

  isRegistered(fn: FunctionDefinition): boolean {
    const { decorators } = fn.signature();
    const { text } = fn.module.source;
    return decorators.some(
      (one) =>
        !/^(\w+\.)*(staticmethod|classmethod|property|cached_property|atomic|wraps|lru_cache|cache|override)\b/.test(
          text.slice(one.start, one.end),
        ),
    );
  }

  isConnected(name: string): boolean {
    return this.#mentions.connected().has(name);
  }

  mentions(name: string): readonly Mention[] {
    return this.#mentions.of(name);
  }
}

const known = new WeakMap<Project, RunnerFacts>();

/** What an earlier run found. */
export function keepRunnerFacts(project: Project, facts: RunnerFacts): void {
  known.set(project, facts);
}

/** Which functions nothing but a command leads to. Where the source leaves that open, requests do. */
export class Runners {
  readonly #program: Program;
  readonly #facts: RunnerFacts;
  readonly #known = new Map<FunctionDefinition, Runner>();

  constructor(program: Program) {
    this.#program = program;
    this.#facts = known.get(program.project) ?? new RunnerFactsRead(program.project);
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
    const facts = this.#facts;
    if (COMMANDS.test(fn.module.path)) return facts.loops(fn.module) ? "worker" : "once";
    if (facts.isOfMigrations(fn)) return "once";
    // (`get_or_fill` outside of a class is called by whoever names it.)
    if ((fn.isMethod && HOOK.test(fn.name)) || COMMON_METHODS.has(fn.name)) return "requests";
    if (isEntryFunction(fn) || this.#program.routeTo(fn) || facts.isRegistered(fn)) return "requests";
    const callers = this.#program.callsOf(fn);
    const isConnected = facts.isConnected(fn.name);
    if ((callers.length === 0 && !isConnected) || callers.length >= MANY_CALLERS) return "requests";
    const runners = callers.map((one) => (one.fn === fn ? "once" : this.of(one.fn)));
    if (runners.includes("requests") || this.isMentioned(fn)) return "requests";
    return runners.includes("worker") ? "worker" : "once";
  }

  /** Called, or handed on, by somebody who was not seen to call it. */
  private isMentioned(fn: FunctionDefinition): boolean {
    return this.#facts
      .mentions(fn.name)
      .some((one) => !one.fn || (one.fn !== fn && !isOnOwn(one.fn, fn) && this.of(one.fn) === "requests"));
  }
}

/** `cls.make_orders(…)`, of a class that has such a method: the function of that name outside of it is another one. */
function isOnOwn(by: FunctionDefinition, { name, isMethod }: FunctionDefinition): boolean {
  return !isMethod && !new RegExp(`(?<!\\b(?:self|cls)\\.)\\b${name}\\b`).test(by.text());
}
