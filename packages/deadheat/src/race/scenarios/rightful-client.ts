import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { type Count, type Grant, livesIn } from "./grant.ts";

/** Sign-ins that are tried after a race. */
const SIGN_INS = 3;

/** What becomes of a client whose requests were repeated: a defence that locks it out is worth a remark. */
export class RightfulClient {
  readonly #changesLogin: boolean;
  #races = 0;
  #left = 0;
  #signIns = 0;
  #lockedOut = 0;

  constructor(changesLogin: boolean) {
    this.#changesLogin = changesLogin;
  }

  async afterwards(
    { principal }: Grant,
    exchanges: readonly Exchange[],
    count: Count | undefined,
  ): Promise<void> {
    if (!count || !exchanges.some(succeeded)) return;
    this.#races++;
    if (livesIn(count) === 0) this.#left++;
    if (this.#changesLogin || !principal.login || this.#signIns >= SIGN_INS) return;
    this.#signIns++;
    try {
      if ((await principal.login()) === undefined) this.#lockedOut++;
    } catch (error) {
      if (!(error instanceof SetupFailed)) throw error;
      this.#lockedOut++;
    }
  }

  remarks(): string[] {
    const told: string[] = [];
    if (this.#left > 0)
      told.push(
        `legitimate use: after ${this.#left} of ${this.#races} bursts nothing that was answered worked: a client that sends a request twice is signed out`,
      );
    if (this.#lockedOut > 0)
      told.push(
        `legitimate use: after ${this.#lockedOut} of ${this.#signIns} bursts the rightful client could not sign in again`,
      );
    return told;
  }
}
