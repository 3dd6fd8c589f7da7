import type { Effect } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext } from "./rule.ts";

/**
 * `with cache_lock(key) as acquired:`, then `if acquired: return`, and the work behind it: it is done by those who have not
 * got the lock. (A name like `locked` may say that somebody else has it.)
 */
export function* lockAskedWrong({ effects, analysis: { fn } }: RuleContext): Generator<Candidate> {
  const asked = turnedAway(fn.text());
  if (!asked) return;
  const [from, end] = [fn.start + asked.from, fn.start + asked.end];
  const isSaid = ({ name }: Effect) => /(^|\.)(log|logger|logging|print)\b/i.test(name);
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

/**
 * Where those are sent away who have the lock, from the start of `text` on. Line by line: one expression for all of it
 * would try each way to divide the lines between its parts.
 */
function turnedAway(text: string): { readonly from: number; readonly end: number } | undefined {
  const held = WITH_LOCK.exec(text);
  if (!held) return undefined;
  const [opening, name = ""] = held;
  const from = held.index + opening.length;
  const [first = "", ...lines] = text.slice(from).split("\n");
  const indent = /^[ \t]*/.exec(first)?.[0] ?? "";
  if (first.trim() !== `if ${name}:`) return undefined;
  let end = from + first.length + 1;
  let last = "";
  for (const line of lines) {
    const isBlank = line.trim() === "";
    if (!isBlank && !(line.startsWith(indent) && /^[ \t]/.test(line.slice(indent.length)))) {
      // Nothing else in the block: what is done there is the work, and what follows is for all.
      const isInBlock = line.startsWith(indent) && !/^\s*(else|elif)\b/.test(line);
      return isInBlock && /^\s*return\b/.test(last) ? { from: from + first.length + 1, end } : undefined;
    }
    if (/^\s*(with|for|if|try)\b/.test(line)) return undefined;
    if (!isBlank) last = line;
    end += line.length + 1;
  }
  return undefined;
}

const WITH_LOCK = /\bwith [^\n]*lock[^\n]*\) as (\w*(?:acquired|obtained)|(?:got|have|has)_lock):[ \t]*\n/;
