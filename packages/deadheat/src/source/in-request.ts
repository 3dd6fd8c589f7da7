import { COMMANDS } from "./by-hand.ts";
import type { Program } from "./effects/program.ts";
import type { FunctionDefinition } from "./project/definitions.ts";
import { lockOutsideAtomic } from "./rules/lock-outside-atomic.ts";
import type { Seen } from "./seen.ts";

/** Run by something that is no request, or by one that says that it wants no transaction. */
const APART = /@[\w.]*?(\b|_)(task|job|actor|cron|non_atomic\w*|no_\w*transaction)\b/;
const RUNS_APART = /(Consumer|Command|Task|Job|Worker)$/;

/** Where each request runs in a transaction, a lock is held until it ends, whichever function takes it. */
export function withoutHeldInRequest<S extends Seen>(found: readonly S[], program: Program): readonly S[] {
  if (!program.settings.wrapsRequests) return found;
  return found.filter(
    ({ rule, fn, candidate }) =>
      rule !== lockOutsideAtomic ||
      isReachedApart(candidate.at.site.fn, program) ||
      isReachedApart(fn, program),
  );
}

/** Does anything but a request lead to `fn`? Where nobody is seen to call it, a request does. */
function isReachedApart(fn: FunctionDefinition, program: Program): boolean {
  const seen = new Set([fn]);
  for (const one of seen) {
    if (runsApart(one)) return true;
    for (const call of program.callsOf(one)) seen.add(call.fn);
  }
  return false;
}

function runsApart(fn: FunctionDefinition): boolean {
  if (COMMANDS.test(fn.module.path) || APART.test(fn.head())) return true;
  return fn.isMethod && RUNS_APART.test(fn.qualified.split(".")[0] as string);
}
