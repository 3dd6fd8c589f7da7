import type { Clock } from "../clock.ts";
import type { MailRecipe, ObjectRecipe, PrincipalRecipe } from "../plan/credential.ts";
import type { NetworkSettings } from "../plan/network.ts";
import type { Candidate } from "../plan/plan.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { Authorization } from "../race/index.ts";
import type { DatabaseInView } from "./database.ts";

/** What everything that calls a running API has to be told. */
export interface TargetOptions {
  /** Path of an OpenAPI 3 document. */
  readonly document: string;
  /** Origin of the running API; default: the document's first server. */
  readonly target?: string;
  readonly authorization: Authorization;
  /** Principals of the user's; without one for a scheme the scan registers its own where the API lets it. */
  readonly principals?: readonly PrincipalRecipe[];
  /** How objects are made that the document does not tell of. */
  readonly objects?: readonly ObjectRecipe[];
  readonly mail?: MailRecipe;
  /** Operations that may be called although they may move money or send mail. */
  readonly optIn: readonly string[];
  /** The API's database behind a proxy: orders of SQL statements are tried before bursts. */
  readonly database?: DatabaseInView;
  /** Reproduces amounts, orders and offsets. */
  readonly seed: string;
  /** Keeps the names that this run makes apart from those of any other; letters and digits. */
  readonly nonce: string;
  readonly uuid: () => string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For each request, ms. */
  readonly timeoutMs: number;
  /** Requests of the whole run. */
  readonly requestLimit: number;
  /** Most requests a second, bursts counted whole; no limit where absent. */
  readonly ratePerSecond?: number;
  /** Certificates and proxies; directly, and as Node.js trusts, where absent. */
  readonly network?: NetworkSettings;
}

export interface ScanOptions extends TargetOptions {
  /** Trials a scenario, fixed in advance. */
  readonly trials: number;
  /** For the trials of one scenario at one operation, ms. */
  readonly timeLimitMs: number;
  /** Ids of the catalogue; nothing else is raced or tested. All where absent. */
  readonly weaknesses?: readonly string[];
  /** One operation only, as `POST /path`. */
  readonly operation?: string;
  /** Nothing else is raced. */
  readonly these?: readonly OnlyRace[];
  /** What is raced first: lower is earlier; as the document has them where it is the same. */
  readonly order?: (candidate: Candidate) => number;
  /** On the clock: no race is begun after it; those that are left are inconclusive. */
  readonly endsAt?: number;
  /**
   * A token that is let in shortly after its end is tried again so long after it, ms: then nobody looks at its end. No
   * leeway that is usual is longer than five minutes. Not tried again where absent.
   */
  readonly longAfterEndMs?: number;
  /** Nothing is raced by bursts, and all schedules are tried although one has shown the race already. */
  readonly schedulesOnly?: boolean;
  /** Races nothing else. */
  readonly only?: OnlyRace;
}

/** One race, as a proof names it. */
export interface OnlyRace {
  readonly weakness: string;
  readonly operation: { readonly method: string; readonly path: string };
  /** What each trial sends; as planned where absent. */
  readonly schedule?: Schedule;
}

/** A principal of whom nothing is known but a bearer token. */
export function principalWithToken(name: string, token: string): PrincipalRecipe {
  return {
    name,
    headers: {},
    variables: {},
    tokens: [async () => token],
    register: [],
    login: [],
    refresh: [],
    revoke: [],
    setUpOnly: false,
  };
}
