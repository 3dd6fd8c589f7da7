import type { PrincipalRecipe, RequestTemplate, Secret } from "./credential.ts";
import type { Schedule } from "./schedule.ts";

/** What one's own scenario looks at: before the requests `after` is what `before` is, and `answers` is empty. */
export interface Observation {
  /** By the names under `extract` of the observe steps. */
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** One for each request that was sent together, in the order of the scenario. */
  readonly answers: readonly CustomAnswer[];
}

/** The answer to one request. What its step extracts stands beside these by its own name. */
export interface CustomAnswer {
  readonly step: string;
  /** Absent where no complete answer came. */
  readonly status?: number;
  /** 2xx. */
  readonly ok: boolean;
  /** The parsed JSON body. */
  readonly body?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: what a step extracts is known to whoever wrote it
  readonly [extracted: string]: any;
}

/** One call of one's own scenario. Texts may hold `${name}`. */
export interface CustomStep {
  /** How reports and `answers` call it: `buy`. */
  readonly name: string;
  /** Where it stands, for messages: `race.yaml:12:5: setUp.1`. */
  readonly place: string;
  /** Name of the principal that calls; nobody where absent. */
  readonly as?: string;
  /** Which of the principal's tokens it goes out under, from 1. */
  readonly token: number;
  readonly request: RequestTemplate;
  /** Variable → JSONPath (RFC 9535) into the JSON body of its answer. */
  readonly extract: Readonly<Record<string, string>>;
  /** What it is to the model, where the scenario has one. */
  readonly operation?: ModelOperation;
}

export interface ModelOperation {
  readonly input: unknown;
  /** JSONata over the JSON body of the answer: what the operation returned; nothing where absent. */
  readonly output?: string;
}

/** A request of the race, as often as `count` says. */
export interface ConcurrentStep extends CustomStep {
  readonly count: number;
  /** How long after the first its last byte leaves, ms: chosen between the two by the seed. */
  readonly offsetMs: readonly [from: number, to: number];
}

export interface CleanUpStep extends CustomStep {
  /** Principal that is gone after it. */
  readonly removes?: string;
}

export interface Invariant {
  readonly place: string;
  /** As reports show it. */
  readonly text: string;
  /** JSONata over an `Observation`, or a function of one; true where it holds. */
  readonly test: string | ((observation: Observation) => unknown);
}

/** What has to be true: expressions, or a sequential specification by a name that the oracle knows. */
export type Expectation =
  | { readonly kind: "invariant"; readonly invariants: readonly Invariant[] }
  | { readonly kind: "model"; readonly place: string; readonly model: string };

/** A race of one's own: different requests at once, and what has to be true of answers and state. */
export interface CustomScenario {
  readonly name: string;
  /** File as the user named it, or `race()`. */
  readonly source: string;
  /** Origin of the running API. */
  readonly target?: string;
  readonly principals: readonly PrincipalRecipe[];
  /** Values for `${name}` in its steps, from the file or the environment. */
  readonly variables: Readonly<Record<string, Secret>>;
  readonly setUp: readonly CustomStep[];
  readonly concurrent: readonly ConcurrentStep[];
  readonly observe: readonly CustomStep[];
  readonly cleanUp: readonly CleanUpStep[];
  readonly expectation: Expectation;
  /** `http1`, `http2`; all that the target speaks where absent. */
  readonly transports?: readonly string[];
  readonly trials?: number;
  /** How long an acknowledged write may stay invisible, ms. */
  readonly visibilityMs: number;
}

/** What one trial of a scenario of one's own sends: a pure function of its index and the seed. */
export interface CustomSchedule extends Schedule {
  /** Places of the requests, counted as the scenario lists them, in the order in which they are sent. */
  readonly order: readonly number[];
  /** Of each request, as the scenario lists them, ms. */
  readonly offsetsMs: readonly number[];
}
