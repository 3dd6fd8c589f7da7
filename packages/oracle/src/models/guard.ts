import type { History, Operation } from "../history.ts";
import type { Model } from "../model.ts";
import { answerText, stateText, unknownInput } from "./unknown-input.ts";

export type GuardInput<I> =
  | { readonly type: "call"; readonly token: string; readonly input: I }
  | { readonly type: "bypass"; readonly input: I }
  | { readonly type: "revoke" | "expire"; readonly token: string }
  | { readonly type: "rotate"; readonly token: string };

/** Absent: valid. `rotated` carries the token that replaced it, `null` while no answer has told. */
export type TokenState =
  | { readonly is: "revoked" | "expired" }
  | { readonly is: "rotated"; readonly to: string | null };

export interface GuardState<S> {
  readonly inner: S;
  readonly tokens: ReadonlyMap<string, TokenState>;
}

/**
 * An inner model behind tokens, each valid until it is revoked, expires, or is rotated.
 *
 * - `call`: `ok` only while its token is valid and the inner model allows it; `rejected` only where the
 *   token is invalid or the inner model rejects.
 * - `bypass`: the inner model alone, for a credential that the race does not touch.
 * - `revoke`, `expire`: `ok` always (twice is once); `rejected` only for a token that is invalid already.
 * - `rotate`: `ok` for a valid token, answering its successor (a string, or nothing); also for a token
 *   rotated to that same successor before, since servers may answer the loser of a rotation with the
 *   winner's token. `rejected` only for an invalid token. Give an expiry that happens by itself the
 *   earliest moment as invoke and the latest as return.
 *
 * Inner outputs are the outputs of `call` and `bypass`.
 */
export function guard<S, I, O>(
  inner: Model<S, I, O>,
): Model<GuardState<S>, GuardInput<I>, O | string | undefined> {
  const name = `guard(${inner.name})`;
  return {
    name,
    init: () => ({ inner: inner.init(), tokens: new Map() }),
    step(state, input, response) {
      const rejected = response?.outcome === "rejected";
      switch (input.type) {
        case "call":
          if (state.tokens.has(input.token)) return rejected ? state : undefined;
          return within(state, inner.step(state.inner, input.input, response as never));
        case "bypass":
          return within(state, inner.step(state.inner, input.input, response as never));
        case "revoke":
        case "expire":
          if (rejected) return state.tokens.has(input.token) ? state : undefined;
          if (state.tokens.has(input.token)) return state;
          return marked(state, input.token, { is: input.type === "revoke" ? "revoked" : "expired" });
        case "rotate":
          return rotate(state, input.token, rejected, response?.output);
        default:
          return unknownInput(name, input);
      }
    },
    key(state) {
      // "invalid" is all that a call can see; the successor matters to a rotation only.
      const tokens = [...state.tokens]
        .map(([token, how]) => JSON.stringify([token, how.is === "rotated" ? [how.to] : 0]))
        .sort();
      const key = inner.key(state.inner);
      return `${typeof key === "number" ? "n" : "s"}${key}|${tokens.join()}`;
    },
    show(state) {
      const tokens = [...state.tokens].map(([token, how]) => `token ${token} is ${how.is}`);
      return [stateText(inner, state.inner), ...tokens].join(" · ");
    },
    pure(input, response) {
      if (response.outcome === "rejected") return true;
      if (input.type === "call" || input.type === "bypass") return inner.pure(input.input, response as never);
      return false;
    },
    shortcut(part) {
      // A legal order of the whole contains one of what the inner model sees.
      const found = inner.shortcut?.(innerHistory(part));
      return found?.verdict === "race" ? found : undefined;
    },
    foresee(part) {
      const foresight = inner.foresee?.(innerHistory(part));
      return {
        leads: (state) => foresight?.leads?.(state.inner) ?? true,
        expired(state, input, response) {
          if (input.type !== "call" && input.type !== "bypass") return false;
          // A token never becomes valid again.
          if (input.type === "call" && response.outcome === "rejected") return false;
          if (input.type === "call" && state.tokens.has(input.token)) return true;
          return foresight?.expired?.(state.inner, input.input, response as never) ?? false;
        },
      };
    },
    describe(input, response) {
      if (input.type === "call" || input.type === "bypass") {
        const text = inner.describe?.(input.input, response as never) ?? JSON.stringify(input.input);
        return input.type === "call" ? `${text} with ${input.token}` : `${text} by another credential`;
      }
      return `${input.type} ${input.token} ${answerText(response)}`;
    },
  };
}

/** What the inner model sees. A rejected call may have been the guard's doing: nothing is known of it. */
function innerHistory<I, O>(part: History<GuardInput<I>, unknown>): History<I, O> {
  const operations: Operation<I, unknown>[] = [];
  for (const { input, ...rest } of part) {
    if (input.type !== "call" && input.type !== "bypass") continue;
    const { id, process, invoke, outcome } = rest;
    const isOpen = input.type === "call" && outcome === "rejected";
    operations.push(
      isOpen
        ? { id, process, invoke, input: input.input, outcome: "unknown" }
        : { ...rest, input: input.input },
    );
  }
  return operations as unknown as History<I, O>;
}

function within<S>(state: GuardState<S>, inner: S | undefined): GuardState<S> | undefined {
  if (inner === undefined) return undefined;
  return inner === state.inner ? state : { inner, tokens: state.tokens };
}

function marked<S>(state: GuardState<S>, token: string, how: TokenState): GuardState<S> {
  return { inner: state.inner, tokens: new Map(state.tokens).set(token, how) };
}

function rotate<S>(
  state: GuardState<S>,
  token: string,
  rejected: boolean,
  output: unknown,
): GuardState<S> | undefined {
  const how = state.tokens.get(token);
  if (rejected) return how === undefined ? undefined : state;
  const to = typeof output === "string" ? output : null;
  if (how === undefined) return marked(state, token, { is: "rotated", to });
  if (how.is !== "rotated") return undefined;
  // An unknown successor is settled by the first answer that names it.
  if (to !== null && how.to === null) return marked(state, token, { is: "rotated", to });
  return to === null || to === how.to ? state : undefined;
}
