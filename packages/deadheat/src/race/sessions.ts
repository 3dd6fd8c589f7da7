import { forOthers } from "./network.ts";
import { Session } from "./session.ts";
import { type Authorization, resolveTarget, type Target } from "./target.ts";

type Terms = Omit<ConstructorParameters<typeof Session>[0], "target">;

/**
 * The session for the target, and one for each other origin that the user's recipes name (a token endpoint): it
 * needs the permission that a target there would need, its address is resolved once and pinned as well.
 */
export class Sessions {
  readonly session: Session;
  readonly #target: Target;
  readonly #authorization: Authorization;
  readonly #terms: Terms;
  readonly #others = new Map<string, Promise<Session>>();

  constructor(target: Target, authorization: Authorization, terms: Terms) {
    this.session = new Session({ target, ...terms });
    this.#target = target;
    this.#authorization = authorization;
    this.#terms = terms;
  }

  /** Throws DeadheatError where the origin may not be called. */
  async of(origin: string | undefined): Promise<Session> {
    if (origin === undefined || new URL(origin).origin === this.#target.origin) return this.session;
    const known = this.#others.get(origin) ?? this.#open(origin);
    this.#others.set(origin, known);
    return known;
  }

  async #open(origin: string): Promise<Session> {
    const { network } = this.#target;
    const target = await resolveTarget(origin, this.#authorization, network && forOthers(network));
    return new Session({ target, ...this.#terms });
  }

  async close(): Promise<void> {
    for (const other of this.#others.values())
      await other.then(
        (one) => one.close(),
        () => {},
      );
    await this.session.close();
  }
}
