import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Credentials } from "./credentials.ts";
import type { RequestBudget, Session } from "./session.ts";
import type { Target } from "./target.ts";
import type { Transport } from "./transport/index.ts";

/** What everything that touches the live API is handed. */
export interface RaceContext {
  readonly target: Target;
  readonly session: Session;
  readonly transports: readonly Transport[];
  readonly clock: Clock;
  readonly random: Random;
  readonly budget: RequestBudget;
  readonly signal: AbortSignal;
  /** For each request, ms. */
  readonly timeoutMs: number;
  /** By bearer scheme. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** A text that no other run and no earlier call used; letters and digits. */
  unique(): string;
  /** RFC 9562 version 4. */
  uuid(): string;
}
