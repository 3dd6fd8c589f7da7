import type { Act } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { limit as limitFamily } from "../families/limit.ts";
import { isUnlearned, learn, type Unlearned } from "../learn.ts";
import { limitOverrun } from "./limit-overrun.ts";
import type { Prepared } from "./scenario.ts";

/** A code that signs nobody in (an invite, a confirmation): what it does is counted where a read shows it. */
export async function prepareCodeEffect(context: RaceContext, act: Act): Promise<Prepared | Unlearned> {
  if (act.observers.length === 0)
    return { status: "not-applicable", reason: "answers no token, and no read shows what it does" };
  const behaviour = await learn(context, act, [limitFamily]);
  if (isUnlearned(behaviour)) {
    const reason = `answers no token that a protected read accepts; its effect: ${behaviour.reason}`;
    return { ...behaviour, reason };
  }
  return limitOverrun.prepare(context, { ...CANDIDATE, act: behaviour.act }, behaviour);
}

const CANDIDATE = {
  weakness: "single-use-code",
  severity: "high",
  confidence: "medium",
  reasons: [],
} as const;
