import type { Cleanup } from "../findings/report.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { succeeded } from "./exchange.ts";

type Send = (request: HttpRequest) => Promise<Exchange>;

/** Something that the scan made and that would stay behind. */
export interface Creation {
  /** The operation that made it: `POST /coupons`. */
  readonly by: string;
  /** Takes it away again, in one of several ways; absent where the API offers none. */
  readonly removals?: (send: Send) => AsyncIterable<HttpRequest> | Iterable<HttpRequest>;
  /** A principal: none is inside of another one, so that several go at once. */
  readonly principal?: true;
}

/** Knows from an answer that something was made, and how it is taken away. */
export type Maker = (exchange: Exchange) => Creation | undefined;

const NO_REMOVAL = "the API shows no operation that removes it";
/** Already gone is gone (a principal's objects often go with the principal). */
const GONE = [404, 410];
const AT_ONCE = 8;
const TIME_IS_UP = "there was no time left to remove it";

/** Everything that the scan made, so that it can be taken away again. DESIGN §11. */
export class Inventory {
  readonly #makers: readonly Maker[];
  readonly #creations: Creation[] = [];
  /** Removals that were tried: what is known in two ways is taken away once. */
  readonly #tried = new Set<string>();
  readonly #left = new Map<string, { by: string; count: number; reason: string }>();
  #removed = 0;

  constructor(makers: readonly Maker[] = []) {
    this.#makers = makers;
  }

  /** Any answer: an operation that is raced for its own sake makes things, too. */
  saw(exchange: Exchange): void {
    for (const maker of this.#makers) {
      const creation = maker(exchange);
      if (creation) this.add(creation);
    }
  }

  add(creation: Creation): void {
    this.#creations.push(creation);
  }

  /** Removes what is there, the youngest first: what was made inside of something goes before it. */
  async clear(send: Send, hasTime: () => boolean = () => true): Promise<void> {
    while (this.#creations.length > 0)
      await Promise.all(
        this.#youngest().map(async ({ by, removals }) => {
          const ended = removals
            ? hasTime()
              ? await this.#remove(removals(send), send)
              : TIME_IS_UP
            : NO_REMOVAL;
          if (ended === "removed") this.#removed++;
          else if (ended !== "known") this.#leave(by, ended);
        }),
      );
  }

  /** The youngest; of principals that were made one after the other several. */
  #youngest(): Creation[] {
    const taken = [this.#creations.pop() as Creation];
    while (taken[0]?.principal && this.#creations.at(-1)?.principal && taken.length < AT_ONCE)
      taken.push(this.#creations.pop() as Creation);
    return taken;
  }

  /** Returns why it is still there where it is. */
  async #remove(
    requests: AsyncIterable<HttpRequest> | Iterable<HttpRequest>,
    send: Send,
  ): Promise<"removed" | "known" | string> {
    let reason = NO_REMOVAL;
    try {
      for await (const request of requests) {
        const key = JSON.stringify([request.origin, request.method, request.path, request.headers]);
        if (this.#tried.has(key)) return "known";
        this.#tried.add(key);
        const answer = await send(request);
        if (succeeded(answer) || GONE.includes(answer.status ?? 0)) return "removed";
        reason = `${request.method} answered ${answer.status ?? answer.failure}`;
      }
    } catch {
      // Signing in again is not possible any more once the scan was interrupted or its budget is spent.
      return reason === NO_REMOVAL ? TIME_IS_UP : reason;
    }
    return reason;
  }

  get cleanup(): Cleanup {
    return { removed: this.#removed, left: [...this.#left.values()] };
  }

  #leave(by: string, reason: string): void {
    const key = `${by} ${reason}`;
    const known = this.#left.get(key) ?? { by, count: 0, reason };
    this.#left.set(key, { ...known, count: known.count + 1 });
  }
}
