import type { TokenLifecycle } from "../../plan/analysis.ts";
import type { Described } from "../facts/described.ts";
import { login } from "./login.ts";
import { oneTimeCode } from "./one-time-code.ts";
import { password } from "./password.ts";
import { refresh } from "./refresh.ts";
import { revoke } from "./revoke.ts";
import type { LifecycleRule } from "./rule.ts";

/** In the order in which they are asked: an operation has one part. */
const rules: readonly LifecycleRule[] = [login, refresh, revoke, oneTimeCode, password];

export interface LifecycleFact {
  readonly lifecycle: TokenLifecycle;
  /** What speaks for it, in words. */
  readonly evidence: readonly string[];
}

/** The part of an operation in the life of a token, or none. */
export function lifecycleOf(one: Described, beside: readonly Described[]): LifecycleFact | undefined {
  for (const { lifecycle, evidence } of rules) {
    const found = evidence(one, beside);
    if (found) return { lifecycle, evidence: found };
  }
  return undefined;
}
