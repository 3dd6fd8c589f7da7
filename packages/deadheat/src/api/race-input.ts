import type { NetworkInput } from "../config/index.ts";
import type { PrincipalInput } from "../config/schema.ts";
import type { DatabaseInView } from "../engine/database.ts";
import type { CustomAnswer } from "../plan/custom.ts";

/** One call. Texts may hold `${name}`: `unique`, `uuid`, a variable, or what an earlier step extracted. */
export interface RaceCall<Extracted extends string = string> {
  /** Method and path: `POST /orders/${order}/items`. */
  readonly request: string;
  /** How `answers` and reports call it; default: the request. */
  readonly name?: string;
  /** Principal that calls; default: nobody. */
  readonly as?: string;
  /** Which of that principal's tokens it goes out under, from 1; default: 1. */
  readonly token?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; `"${name}"` alone stays a number where it is one. */
  readonly json?: unknown;
  /** Sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Name → JSONPath (RFC 9535) into the answer. */
  readonly extract?: Readonly<Record<Extracted, string>>;
}

/** What a request is to a model: `{ input: { type: "take" } }`. */
export interface RaceOperation {
  readonly input: Readonly<Record<string, unknown>>;
  /** JSONata over the JSON body of the answer: what the operation returned. */
  readonly output?: string;
}

export interface ConcurrentCall extends RaceCall {
  /** How many of it, 20 in all at most; default: 1. */
  readonly count?: number;
  /** Its last byte leaves so long after the first, ms: a number, or from and to. */
  readonly offsetMs?: number | readonly [from: number, to: number];
  readonly operation?: RaceOperation;
}

export interface ObserveCall<Extracted extends string> extends RaceCall<Extracted> {
  readonly operation?: RaceOperation;
}

export interface CleanUpCall extends RaceCall {
  /** Principal that is gone after it. */
  readonly removes?: string;
}

/** As under `principals` in deadheat.yaml (docs/config.md), and a token may be given as it is. */
export type RacePrincipal =
  | PrincipalInput
  | (Omit<PrincipalInput, "token" | "tokens"> & { readonly token: { readonly value: string } })
  | (Omit<PrincipalInput, "token" | "tokens"> & { readonly tokens: readonly { readonly value: string }[] });

/** What an invariant sees; before the requests `after` is what `before` is, and `answers` is empty. */
export interface RaceObservation<Extracted extends string> {
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is known to whoever wrote the test
  readonly before: Readonly<Record<Extracted, any>>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly after: Readonly<Record<Extracted, any>>;
  readonly answers: readonly CustomAnswer[];
}

/** What has to be true: an invariant, or a model that the oracle knows by name. */
export type RaceExpectation<Extracted extends string> =
  | {
      /** JSONata, or a function that runs in this process and has no time limit. */
      readonly invariant:
        | string
        | readonly string[]
        | ((observation: RaceObservation<Extracted>) => boolean | Promise<boolean>);
      readonly model?: never;
    }
  | { readonly model: string; readonly invariant?: never };

/** A race of one's own. The same keys as in a race file, and how it is run. */
export type RaceInput<Extracted extends string> = RaceExpectation<Extracted> & {
  readonly name?: string;
  /** Origin of the running API: `http://127.0.0.1:3000`. */
  readonly target: string;
  readonly principals?: Readonly<Record<string, RacePrincipal>>;
  readonly variables?: Readonly<Record<string, string | { readonly env: string }>>;
  readonly setUp?: readonly (string | RaceCall)[];
  readonly concurrent: readonly (string | ConcurrentCall)[];
  readonly observe: readonly ObserveCall<Extracted>[];
  readonly cleanUp?: readonly (string | CleanUpCall)[];
  readonly transports?: readonly ("http1" | "http2")[];
  /** Fixed in advance; default: 60. */
  readonly trials?: number;
  /** How long an acknowledged write may stay invisible, ms; default: 0. */
  readonly visibilityMs?: number;
  /** Reproduces orders and offsets. */
  readonly seed?: string;
  /** Exact origins beyond this machine that may be raced; `authorized` has to be given too. */
  readonly allow?: readonly string[];
  /** Who permitted it. */
  readonly authorized?: string;
  /** For each request, ms; default: 10,000. */
  readonly timeoutMs?: number;
  /** Most requests of the whole run; default: 50,000. */
  readonly requests?: number;
  /**
   * The API's database in view, from `openDatabase`: for two requests every order of their SQL statements with one
   * preemption is tried before bursts.
   */
  readonly database?: DatabaseInView;
  /** Most requests a second. */
  readonly ratePerSecond?: number;
  /** Certificates and proxies, as under `network` in deadheat.yaml; files are found from the working directory. */
  readonly network?: NetworkInput;
  readonly signal?: AbortSignal;
};
