import type { Operation } from "../../plan/operation.ts";
import type { Principal } from "../credentials/index.ts";
import type { Exchange, HttpRequest } from "../exchange.ts";
import type { Token } from "../token.ts";
import type { State, Unstable } from "./state.ts";

/** One of the requests of a pair. */
export interface Side {
  readonly operation: Operation;
  /** In words: `set /title`. */
  readonly does: string;
}

/** Which of the two: the first or the second. */
export type Kind = 0 | 1;

/** A read of the state, by the name under which what it shows is kept. */
export interface Read {
  readonly name: string;
  readonly request: HttpRequest;
}

/** What one run of a pair starts from: fresh objects, made by the same recipe each time. */
export interface Scene {
  readonly principal: Principal;
  /** Somebody else, who may call as well. */
  readonly other?: Principal;
  /** Makes the request of one side, under one of the tokens that call. */
  request(kind: Kind, token: Token): HttpRequest;
  readonly reads: readonly Read[];
  /** Texts that are this run's own (ids, names), and what stands for them in states. */
  readonly own: ReadonlyMap<string, string>;
  /** Reads of what acknowledged answers say that they made; one for each object. */
  made?(exchanges: readonly Exchange[]): readonly HttpRequest[];
}

/** Who calls: how many tokens of one principal, or one token each of two. */
export interface Casting {
  readonly tokens: 1 | 2;
  readonly users: 1 | 2;
}

/** Two requests, different or alike, that are raced and made one at a time. */
export interface Pair {
  readonly sides: readonly [Side, Side];
  /** Both sides send the same request. */
  readonly alike: boolean;
  /**
   * For each side, whether what was acknowledged has to have taken effect in some order. Else an acknowledgement is
   * worth nothing, a loser may be told 200 without any effect, and only the state in the end counts.
   */
  readonly binding: readonly [boolean, boolean];
  /**
   * The second side ends what the first rests on. Where an effect of the first outlives that, the state is read at
   * once after the end was acknowledged: what appears later was made after it.
   */
  readonly ends?: true;
  /** Two users may be allowed to send them on one object. */
  readonly byTwoUsers: boolean;
  /** Under different tokens the two are different requests: a key may be known to one token only. */
  readonly oneToken?: true;
  /** Its objects are new ones each time, whoever they are for. */
  readonly hasObjects?: boolean;
  /** For a new principal where none is given. Throws SetupFailed. */
  scene(casting: Casting, principal?: Principal): Promise<Scene>;
  /** Why what the two do one at a time leaves nothing to race; `undefined` where something may go wrong. */
  unsuitable(orders: OneAtATime): string | undefined;
  /** What an outcome that no order gives comes to, in words. */
  summary(outcome: Outcome): string;
}

/** What the two did one at a time. Sequences are written as in the oracle's model `replayed`. */
export interface OneAtATime {
  /** What was read after each sequence, without what differs from one run to the next. */
  readonly states: ReadonlyMap<string, State>;
  /** For each side, after which sequences it was acknowledged. */
  readonly acknowledged: readonly [readonly string[], readonly string[]];
  /** Names of the reads that show a difference between two sequences: the others tell nothing. */
  readonly telling: ReadonlySet<string>;
  /** Places of the state that differ between runs of one sequence. */
  readonly unstable: Unstable;
  /** Shortest time of an acknowledged call of the slower side, ms. */
  readonly latencyMs: number;
}

export interface Outcome {
  readonly acknowledged: number;
  readonly requests: number;
  /** Sequences after which just this was read, in words; empty where none. */
  readonly like: string | undefined;
  /** The end state is that of some order; only what was read in between does not fit it. */
  readonly late: boolean;
  /** Places that show something else than after all that was acknowledged. */
  readonly places: readonly string[];
}

/** The names of the sides in sequences. */
export const NAMES = ["a", "b"] as const;

/** A sequence and one call more. */
export function followed(sequence: string, kind: Kind): string {
  return sequence === "" ? NAMES[kind] : `${sequence} ${NAMES[kind]}`;
}

export function sequenceOf(kinds: readonly Kind[]): string {
  return kinds.map((kind) => NAMES[kind]).join(" ");
}
