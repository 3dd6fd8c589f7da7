import { isEntryFunction } from "./effects/decorators.ts";
import type { Program } from "./effects/program.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import { lockOutsideAtomic } from "./rules/lock-outside-atomic.ts";
import { relatedWrites } from "./rules/related-writes.ts";
import type { Seen } from "./seen.ts";

/** What a framework calls by its name. */
const HOOK =
  /^(__\w+__|save(_\w+)?|delete(_\w+)?|clean\w*|validate\w*|perform_\w+|form_valid|process_(request|response|view)|mutate(_\w+)?|handle|run|ready|dispatch|get|post|put|patch|create|update|destroy|partial_update|on_(success|failure)|after_return)$/;

/** Made anew each time, or called as it is: no registration. */
const CHANGES_NOTHING =
  /^(\w+\.)*(staticmethod|classmethod|property|cached_property|atomic|wraps|lru_cache|cache|override)\b/;

/**
 * Work is left half done where nothing is around it. Of a method that nobody is seen to call (`handler.after_update(…)`, of
 * whichever handler was registered), what is around it is not seen either.
 */
export function withoutUnseenCallers<S extends Seen>(found: readonly S[], program: Program): readonly S[] {
  const isStarted = (fn: FunctionDefinition) => isStartedByFramework(fn, program);
  return found.filter(({ rule, fn, candidate }) => {
    // (`HANDLERS[event](payment)`: the transaction is where it is picked, or farther up.)
    if (rule === lockOutsideAtomic)
      return !candidate.beside || isStarted(fn) || program.callsOf(fn).some((one) => isStarted(one.fn));
    if (rule !== relatedWrites || candidate.regardless === true || !fn.isMethod) return true;
    return program.callsOf(fn).length > 0 || isStarted(fn) || isOfRowOrRequest(fn, program);
  });
}

/** A view, a task, a receiver, a method of a name that frameworks call. */
function isStartedByFramework(fn: FunctionDefinition, program: Program): boolean {
  if (HOOK.test(fn.name) || isEntryFunction(fn) || program.routeTo(fn)) return true;
  const { text } = fn.module.source;
  return fn.signature().decorators.some((one) => !CHANGES_NOTHING.test(text.slice(one.start, one.end)));
}

/**
 * A model's own method, and what a view picks by name (`getattr(self, action)(order)`): neither is registered anywhere for
 * others to call in their transaction. A row's method that is called like many others is called all the same.
 */
function isOfRowOrRequest({ owner }: FunctionDefinition, { models, project }: Program): boolean {
  if (!owner) return false;
  const { classes, external } = project.lineage(owner);
  const names = [...classes.map((one) => one.name), ...external];
  return models.isModel(owner) || names.some((one) => /View(Set)?$/.test(one));
}
