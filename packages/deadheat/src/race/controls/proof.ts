import type { RecordedExchange } from "../../findings/evidence.ts";
import type { Act } from "../../plan/plan.ts";
import type { Exchange } from "../exchange.ts";
import type { Token } from "../token.ts";
import type { Presented } from "./presented.ts";
import type { Scene } from "./scene.ts";

/** Answers that have to agree before anything is called proven. */
export const TRIES = 3;

/** What a credential was let in to, seen three times. */
export interface Proof {
  readonly answer: "accepted" | "withheld" | "unclear";
  readonly exchanges: readonly RecordedExchange[];
  readonly controls: readonly string[];
  /** What was reached, or why that cannot be told. */
  readonly note: string;
}

/** A credential that was let in, and what its reach is compared with. */
export interface Suspicion {
  readonly scene: Scene;
  readonly act: Act;
  readonly presented: Presented;
  /** Works, for the same principal; absent where that one has no other. */
  readonly good?: Token;
  /** What the principal was shown under the suspected token while that was good. */
  readonly shownBefore?: Exchange;
}

export function unclear(note: string): Proof {
  return { answer: "unclear", exchanges: [], controls: [], note };
}
