import type { Clock } from "../clock.ts";
import type { MailRecipe } from "../plan/credential.ts";
import { watchFolder } from "./folder.ts";
import { Mails } from "./mailbox.ts";
import { openSmtp } from "./smtp.ts";

/** Where an API's mail is read. */
export interface Mailbox {
  /**
   * The code in the newest mail to `address` that nobody has been given yet; `undefined` where none comes within
   * `timeoutMs`. `after`, on the clock, leaves older mail out: the time at which the call was made that sends it.
   * Rejects with the signal's reason.
   */
  codeFor(address: string, timeoutMs: number, after?: number): Promise<string | undefined>;
  /** On 127.0.0.1, where the recipe asks for a mail server. */
  readonly smtpPort?: number;
  /** Those who wait are told at once that nothing came. */
  close(): Promise<void>;
}

/** Begins to take mail. What was there before does not count. Throws DeadheatError `mail-unavailable`. */
export async function openMailbox(recipe: MailRecipe, clock: Clock, signal: AbortSignal): Promise<Mailbox> {
  const closed = new AbortController();
  const until = AbortSignal.any([closed.signal, signal]);
  const mails = new Mails(clock, recipe.pattern);
  if (recipe.file !== undefined) await watchFolder(recipe.file, mails, clock, until);
  const sink = recipe.smtp && (await openSmtp(recipe.smtp.port, mails));
  return {
    async codeFor(address, timeoutMs, after = Number.NEGATIVE_INFINITY) {
      try {
        return await mails.codeFor(address, timeoutMs, after, until);
      } catch (error) {
        signal.throwIfAborted();
        if (closed.signal.aborted) return undefined;
        throw error;
      }
    },
    ...(sink ? { smtpPort: sink.port } : {}),
    async close() {
      closed.abort();
      await sink?.close();
    },
  };
}
