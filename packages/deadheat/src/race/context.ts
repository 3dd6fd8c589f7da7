import type { Clock } from "../clock.ts";
import type { Interleaver } from "../plan/interleaving.ts";
import type { Random } from "../random.ts";
import type { Credentials, Renewals } from "./credentials/index.ts";
import type { Inventory } from "./inventory.ts";
import type { Pacing, RequestBudget } from "./pacing.ts";
import type { RecipeRunner } from "./recipe.ts";
import type { Session } from "./session.ts";
import type { Target } from "./target.ts";
import type { Transport, TransportChoice } from "./transport/index.ts";

/** What everything that touches the live API is handed. */
export interface RaceContext {
  readonly target: Target;
  readonly session: Session;
  /** The tighter first. One that fails again and again is taken out while the run goes on. */
  readonly transports: readonly Transport[];
  readonly choice: TransportChoice;
  /** What showed last that the target works on several requests at once: what is tried first, the next time. */
  readonly overlapShown?: { by?: "order" | "speed" };
  readonly clock: Clock;
  readonly random: Random;
  /** Numbers for the trial that counts from 0 to `index`: the same ones whenever it is run. */
  randomOf(index: number): Random;
  readonly budget: RequestBudget;
  readonly pacing: Pacing;
  readonly inventory: Inventory;
  /** Tokens that end at a known time. */
  readonly renewals: Pick<Renewals, "shortestMs">;
  readonly signal: AbortSignal;
  /** For each request, ms. */
  readonly timeoutMs: number;
  /** By security scheme. */
  readonly credentials: ReadonlyMap<string, Credentials>;
  /** Principals that make objects for others, by `scheme name`. */
  readonly makers: ReadonlyMap<string, Credentials>;
  /** Runs a recipe of the user's. */
  readonly recipes: RecipeRunner;
  /** Puts the statements of two requests into an order; absent where the database is not in view. */
  readonly interleaver?: Interleaver;
  /** A text that no other run and no earlier call used; letters and digits. */
  unique(): string;
  /** RFC 9562 version 4. */
  uuid(): string;
  /** Waits, ms, at a time when nothing of the race is under way; another race may have its turn meanwhile. */
  readonly rest?: (ms: number) => Promise<void>;
  /** Sets the scene of a trial beside those of other races; `scene` may be called again. */
  readonly aside?: <T>(scene: () => Promise<T>) => Promise<T>;
}
