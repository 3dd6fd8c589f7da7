import type { Act } from "../../plan/plan.ts";
import { amountsOf, call } from "../call.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { type Credentials, type Principal, SetupFailed } from "../credentials/index.ts";
import { type Exchange, refused } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import type { Unlearned } from "../learn.ts";
import { GARBAGE } from "../token.ts";
import { type Count, type Grant, livesIn } from "./grant.ts";
import { prepareOnce } from "./once.ts";
import type { Prepared } from "./scenario.ts";

/** It asks for a new password beside the code. */
export function takesPassword({ operation }: Act): boolean {
  return operation.body?.slots.some((slot) => slot.secret && slot.required) === true;
}

/**
 * A reset that signs nobody in. How many were acknowledged proves nothing: all but one may have changed nothing. So
 * each request of a trial asks for a password of its own, known to no other request, and each is tried at the log-in
 * as soon as its request is answered. A password that opens a session was stored; two of them were stored with one
 * code, one after the other, and of that no order of resets of which only the first takes effect makes two.
 */
export async function preparePasswordReset(
  context: RaceContext,
  act: Act,
  credentials: Credentials,
): Promise<Prepared | Unlearned> {
  const probe = credentials.probe;
  if (!probe || !(await credentials.mint()).signInWith)
    return {
      status: "not-applicable",
      reason: "answers no token, and how one signs in with the new password is not known",
    };
  const trials = new WeakMap<Grant, ResetTrial>();
  const trialOf = (grant: Grant) => trials.get(grant) as ResetTrial;
  return prepareOnce(context, {
    operation: act.operation,
    observer: probe,
    does: "set a password of its own with the code",
    grantWords: "one code",
    controls: [
      "one at a time, one code sets one password",
      "a password that no request asked for is refused at the log-in",
    ],
    changesLogin: true,
    staggered: true,
    async grant() {
      const fixture = await setUp(context, act);
      const trial = new ResetTrial(context, act, fixture);
      const grant = {
        principal: fixture.principal,
        request: trial.request(0),
        another: (index: number) => trial.request(index),
      };
      trials.set(grant, trial);
      return grant;
    },
    watch: (grant, index, exchange) => trialOf(grant).watch(index, exchange),
    count: (grant, exchanges) => trialOf(grant).count(exchanges),
    refused: (grant) => call(context, act, withoutCode(act, grant), amountsOf(act, 1)),
    read: ({ principal: { token } }) =>
      compose(probe, { token, bindings: Object.fromEntries(probe.pathParameters.map((one) => [one, "0"])) }),
  });
}

/** Names objects that do not exist: refused before any work is done. */
export function withoutCode({ operation, references }: Act, { principal }: Grant): Fixture {
  const names = [...operation.pathParameters, ...references.map((one) => one.parameter)];
  return { principal, bindings: Object.fromEntries(names.map((one) => [one, GARBAGE])), texts: {} };
}

type SignIn = NonNullable<Principal["signInWith"]>;

/** One code, the passwords that are asked for with it, and those of them that were seen to open a session. */
class ResetTrial {
  readonly #context: RaceContext;
  readonly #act: Act;
  readonly #fixture: Fixture;
  readonly #signIn: SignIn;
  readonly #passwords: string[] = [];
  readonly #opened = new Set<number>();
  readonly #looks: Promise<boolean>[] = [];
  #failure: unknown;

  constructor(context: RaceContext, act: Act, fixture: Fixture) {
    this.#context = context;
    this.#act = act;
    this.#fixture = fixture;
    this.#signIn = fixture.principal.signInWith as SignIn;
  }

  request(index: number) {
    const password = this.#password(index);
    const secrets = (this.#act.operation.body?.slots ?? []).filter((slot) => slot.secret && slot.required);
    const own = Object.fromEntries(secrets.map(({ pointer }) => [pointer, password]));
    const fixture = { ...this.#fixture, texts: { ...this.#fixture.texts, ...own } };
    return call(this.#context, this.#act, fixture, amountsOf(this.#act, 1));
  }

  /** Tries a password as soon as it may be in force: the next reset ends it. */
  async watch(index: number, exchange: Exchange): Promise<void> {
    const look = refused(exchange) ? undefined : this.#opens(index);
    if (look) this.#looks.push(look);
    await look;
  }

  async count(exchanges: readonly Exchange[]): Promise<Count | undefined> {
    await Promise.all(this.#looks);
    // A log-in that takes any password would show every one of them.
    const takesAny = await this.#accepts(`Dh1!${this.#context.uuid()}`);
    const last = await this.#inForce(exchanges);
    this.#context.signal.throwIfAborted();
    if (this.#failure instanceof Error && !(this.#failure instanceof SetupFailed)) throw this.#failure;
    if (takesAny || this.#failure) return undefined;
    const count: Count = {
      lives: exchanges.map((_, index) => this.#opened.has(index)),
      words:
        this.#opened.size === 1
          ? "1 of the passwords asked for opened a session"
          : `${this.#opened.size} of the passwords asked for opened a session, each in its time`,
      // Those before it are gone by design: what can be seen again is that the last one is still in force.
      again: async () =>
        last === undefined || (await this.#accepts(this.#password(last))) ? livesIn(count) : 0,
    };
    return count;
  }

  /** The request whose password works now; acknowledged ones are tried first, the latest of them before all. */
  async #inForce(exchanges: readonly Exchange[]): Promise<number | undefined> {
    const order = exchanges
      .map((exchange, index) => ({ index, refused: refused(exchange), at: exchange.return ?? 0 }))
      .sort((a, b) => Number(a.refused) - Number(b.refused) || b.at - a.at);
    for (const { index } of order) if (await this.#opens(index)) return index;
    return undefined;
  }

  async #opens(index: number): Promise<boolean> {
    const accepted = await this.#accepts(this.#password(index));
    if (accepted) this.#opened.add(index);
    return accepted;
  }

  /** Never rejects: nobody may be waiting yet. What went wrong is told when the passwords are counted. */
  async #accepts(password: string): Promise<boolean> {
    try {
      return (await this.#signIn(password)) !== undefined;
    } catch (error) {
      this.#failure ??= error;
      return false;
    }
  }

  #password(index: number): string {
    this.#passwords[index] ??= `Dh1!${this.#context.uuid()}`;
    return this.#passwords[index] as string;
  }
}
