import type { Operation } from "../plan/operation.ts";

const RISKY = [
  {
    pattern: /\b(pay|payments?|charges?|checkout|refunds?|billing|invoices?|payouts?)\b/i,
    effect: "may move money",
  },
  {
    pattern: /\b(e-?mails?|mail|sms|notify|notifications?|messages?|invites?|invitations?)\b/i,
    effect: "may send a message",
  },
];

/** The words of the patterns, wherever they stand: most operations have none of them, and are asked no more. */
const MAYBE = /pay|charge|checkout|refund|billing|invoice|mail|sms|notif|message|invit/i;

/** Why an operation is not called without being asked for by name (DESIGN §11), or `undefined`. */
export function needsOptIn(operation: Operation): string | undefined {
  if (!MAYBE.test(operation.words)) return undefined;
  // Signing in "with e-mail and password" sends none.
  if (operation.open && operation.body?.slots.some((slot) => slot.secret)) return undefined;
  // Words inside camelCase names count as words of their own.
  const words = operation.words.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_/-]/g, " ");
  return RISKY.find(({ pattern }) => pattern.test(words))?.effect;
}
