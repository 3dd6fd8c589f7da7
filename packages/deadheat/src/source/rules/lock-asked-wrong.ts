import type { Effect } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `with cache_lock(key) as acquired:`, then `if acquired: return`, and the work behind it: it is done by those who have not
 * got the lock. (A name like `locked` may say that somebody else has it.)
 */
export function* lockAskedWrong({ effects, analysis: { fn } }: RuleContext): Generator<Candidate> {
  const text = fn.text();
  const asked = WITH_LOCK.exec(text);
  if (!asked) return;
  const [whole, , indent = "", body = ""] = asked;
  const end = fn.start + asked.index + whole.length;
  const follows = text.slice(asked.index + whole.length);
  // Nothing else in the block: what is done there is the work, and what follows is for all.
  if (!new RegExp(`^\\s*\\n?${indent}\\S`).test(follows) || /\b(with|for|if|try)\b/.test(body)) return;
  const isSaid = ({ name }: Effect) => /(^|\.)(log|logger|logging|print)\b/i.test(name);
  const from = end - body.length;
  const placed = effects.map((one) => ({ one, start: (one.trail[0] ?? one.site).start }));
  if (placed.some(({ one, start }) => start >= from && start < end && !isSaid(one))) return;
  const first = placed.find(({ one, start }) => start >= end && !isSaid(one) && one.locks.length > 0);
  if (!first) return;
  yield {
    ...explain(first.one, {
      message: "who has got the lock returns, and who has not does the work",
      because: "the answer of the lock is asked the wrong way round",
      protection: { coverage: "none" },
      severity: "medium",
      ...(first.one.trail[0] ? { site: first.one.trail[0] } : {}),
    }),
    regardless: true,
  };
}

const WITH_LOCK =
  /\bwith\s+[\w.]*lock\w*\((?:[^()]|\([^()]*\))*\)\s+as\s+(\w*(?:acquired|obtained)|(?:got|have|has)_lock)\s*:\s*\n([ \t]+)if\s+\1\s*:((?:\s*\n\2[ \t]+[^\n]*)*\n\2[ \t]+return\b[^\n]*\n)/;
