import type { Cleanup } from "../findings/report.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { succeeded } from "./exchange.ts";
import { sideBySide } from "./side-by-side.ts";

type Send = (request: HttpRequest) => Promise<Exchange>;

/** Something that the scan made and that would stay behind. */
export interface Creation {
  /** The operation that made it, `POST /coupons`: what it made is of one kind. */
  readonly by: string;
  /** Takes it away again, in one of several ways; absent where the API offers none. */
  readonly removals?: (send: Send) => AsyncIterable<HttpRequest> | Iterable<HttpRequest>;
  /** A principal: it goes when all that it may have made is gone. */
  readonly principal?: true;
}

/** Knows from an answer that something was made, and how it is taken away. */
export type Maker = (exchange: Exchange) => Creation | undefined;

const NO_REMOVAL = "the API shows no operation that removes it";
/** Already gone is gone (a principal's objects often go with the principal). */
const GONE = [404, 410];
/** Whoever is refused for one of these is refused again. */
const FINAL = [403, 405, 501];
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

  /**
   * Removes what is there: several of one kind at once, kind after kind. What is made inside or out of something else is
   * first made after it, so that the kind that came last goes first. Where one lies inside another of its own kind (a
   * folder in a folder), or signing in for one ends the token of another, some are refused: these are tried once
   * more, one at a time, the youngest first.
   */
  async clear(send: Send, hasTime: () => boolean = () => true): Promise<void> {
    const made = this.#creations.splice(0).map((creation, age): Made => ({ ...creation, age }));
    const refused: Made[] = [];
    for (const kind of kindsOf(made))
      await sideBySide(
        kind.map((one) => async () => {
          const ended = await this.#remove(one, send, hasTime);
          if (ended.again) refused.push(one);
          else this.#note(one, ended);
        }),
        AT_ONCE,
      );
    for (const one of refused.sort(youngestFirst)) this.#note(one, await this.#remove(one, send, hasTime));
  }

  async #remove({ removals }: Creation, send: Send, hasTime: () => boolean): Promise<Ended> {
    if (!removals) return { reason: NO_REMOVAL };
    if (!hasTime()) return { reason: TIME_IS_UP };
    let ended: Ended = { reason: NO_REMOVAL };
    const tried: string[] = [];
    try {
      for await (const request of removals(send)) {
        const key = JSON.stringify([request.origin, request.method, request.path, request.headers]);
        if (this.#tried.has(key)) return { known: true };
        tried.push(key);
        this.#tried.add(key);
        const answer = await send(request);
        const { status, failure } = answer;
        if (succeeded(answer) || GONE.includes(status ?? 0)) return {};
        ended = {
          reason: `${request.method} answered ${status ?? failure}`,
          again: !FINAL.includes(status ?? 0),
        };
      }
    } catch {
      // Signing in again is not possible any more once the scan was interrupted or its budget is spent.
      return { reason: ended.reason === NO_REMOVAL ? TIME_IS_UP : ended.reason };
    }
    if (ended.again) for (const key of tried) this.#tried.delete(key);
    return ended;
  }

  #note({ by }: Creation, { reason, known }: Ended): void {
    if (known) return;
    if (reason === undefined) {
      this.#removed++;
      return;
    }
    const key = `${by} ${reason}`;
    const left = this.#left.get(key) ?? { by, count: 0, reason };
    this.#left.set(key, { ...left, count: left.count + 1 });
  }

  get cleanup(): Cleanup {
    return { removed: this.#removed, left: [...this.#left.values()] };
  }
}

/** With the number of those that were made before it. */
interface Made extends Creation {
  readonly age: number;
}

/** How the removal of one thing ended: gone where there is no reason. */
interface Ended {
  readonly reason?: string | undefined;
  /** It was removed, or tried, as something else that was made. */
  readonly known?: true;
  /** Refused for now. */
  readonly again?: boolean;
}

const youngestFirst = (one: Made, other: Made) => other.age - one.age;

/** What was made by one operation is of one kind; the kind whose first one is the youngest comes first, principals last. */
function kindsOf(made: readonly Made[]): Made[][] {
  const kinds = new Map<string, Made[]>();
  for (const one of made) {
    const name = `${one.principal ? "principal" : ""} ${one.by}`;
    const kind = kinds.get(name);
    if (kind) kind.push(one);
    else kinds.set(name, [one]);
  }
  const last = ([first]: Made[]) => Number(first?.principal === true);
  return [...kinds.values()]
    .reverse()
    .sort((one, other) => last(one) - last(other))
    .map((kind) => kind.reverse());
}
