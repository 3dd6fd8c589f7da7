import type { SqlStatement } from "../../plan/interleaving.ts";

/** Follows a request along the statements that were captured of it, by their text. */
export class ScriptCursor {
  readonly #script: readonly SqlStatement[];
  #at = 0;
  /** Statements that were expected and did not come, and others that came instead. */
  readonly diverged: string[] = [];

  constructor(script: readonly SqlStatement[]) {
    this.#script = script;
  }

  /** How many of its statements are behind it. */
  get passed(): number {
    return this.#at;
  }

  /** Which of the script's statements this is, from 1; `undefined` for one that is not in what is left of it. */
  accept(fingerprint: string, text: string): number | undefined {
    const index = this.#script.findIndex((one, at) => at >= this.#at && one.fingerprint === fingerprint);
    if (index < 0) {
      this.diverged.push(`not captured: ${text}`);
      return undefined;
    }
    // What sets up a connection comes once for each connection.
    for (const missing of this.#script.slice(this.#at, index))
      if (missing.kind !== "setting") this.diverged.push(`did not come: ${missing.text}`);
    this.#at = index + 1;
    return index + 1;
  }
}
