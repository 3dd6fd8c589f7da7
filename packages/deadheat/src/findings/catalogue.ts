/** One class of race. DESIGN §4. */
export interface Weakness {
  readonly id: string;
  readonly title: string;
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  readonly clause: string;
  /** What a proof consists of; a history that no order explains where absent (DESIGN §1). */
  readonly proof?: "exchange" | "measured" | "schedule";
  /** What to do about it, as one line. */
  readonly fix: string;
}

/** The weaknesses that this version can race. One row, one page under docs/weaknesses. */
export const catalogue: readonly Weakness[] = [
  {
    id: "lost-update",
    title: "read-modify-write is not atomic",
    cwe: [362, 820],
    owasp: [],
    clause: "RFC 9110 §13.1.1, ASVS 15.4.2",
    fix: "let the database add (SET score = score + n), or lock the row before reading it",
  },
  {
    id: "limit-overrun",
    title: "a limited action exceeds its limit",
    cwe: [837, 362, 799],
    owasp: ["API6", "API4"],
    clause: "ASVS 2.3.2, 2.3.4; WSTG-BUSL-05",
    fix: "test and spend in one statement (UPDATE … WHERE not yet used) and look at its row count",
  },
  {
    id: "revocation-race",
    title: "a call takes effect after its token was revoked",
    cwe: [367, 613],
    owasp: ["API2"],
    clause: "RFC 7009 §2.1, ASVS 7.4.1",
    fix: "check the token under a shared lock in the transaction that writes; revoke under the exclusive one",
  },
  {
    id: "expiry-race",
    title: "a call takes effect after its token has expired",
    cwe: [367, 613],
    owasp: ["API2"],
    clause: "RFC 7519 §4.1.4, ASVS 9.2.1",
    fix: "look at the expiry again in the transaction that writes, on the database's clock",
  },
  {
    id: "ownership-race",
    title: "a change by the old owner reaches an object that was given away",
    cwe: [362, 639],
    owasp: ["API1"],
    clause: "ASVS 8.2.2, 15.4.1",
    fix: "name the owner in the condition of the write (UPDATE … WHERE id AND owner), under a lock on the row",
  },
  {
    id: "demotion-race",
    title: "a privileged call takes effect after its role was taken away",
    cwe: [367, 863],
    owasp: ["API5"],
    clause: "ASVS 8.3.2, 15.4.2",
    fix: "read the role FOR SHARE in the transaction that writes; change roles under the exclusive lock",
  },
  {
    id: "control-mismatch",
    title: "a declared security scheme is not in force",
    cwe: [306, 862, 863],
    owasp: ["API2", "API1", "API5"],
    clause: "RFC 6750 §3, RFC 7009 §2.2",
    proof: "exchange",
    fix: "check the credential in front of every operation that declares one; a logout has to be remembered",
  },
  {
    id: "token-unverified",
    title: "a JSON Web Token is accepted without its signature or its claims being checked",
    cwe: [347, 613],
    owasp: ["API2"],
    clause: "RFC 8725 §3.1, §3.2, ASVS 9.1",
    proof: "exchange",
    fix: "verify with a library, one algorithm pinned to each key, and require exp, aud and iss",
  },
  {
    id: "lock-hold",
    title: "a slow request holds a lock that a revocation or another write waits for",
    cwe: [667, 400],
    owasp: ["API4"],
    clause: "RFC 7009 §2.1",
    proof: "measured",
    fix: "read the whole body first, then begin the transaction and take the lock",
  },
  {
    id: "refresh-reuse",
    title: "one refresh token has several live successors",
    cwe: [367, 294],
    owasp: ["API2"],
    clause: "RFC 9700 §4.14.2, ASVS 10.4.5",
    fix: "mark the token used in one statement (UPDATE … WHERE not yet used) and issue its successor only where that changed a row",
  },
  {
    id: "single-use-code",
    title: "a one-time code is used more than once",
    cwe: [367, 837, 294],
    owasp: ["API2"],
    clause: "RFC 6749 §4.1.2, ASVS 6.5.1, 10.4.2",
    fix: "spend the code in one statement (DELETE … RETURNING) before the session is opened, in the same transaction",
  },
  {
    id: "idempotency-race",
    title: "two effects for one Idempotency-Key",
    cwe: [837, 362],
    owasp: [],
    clause: "Idempotency-Key draft §2.6, §2.7",
    fix: "insert the key into a column that is unique, in the transaction of the effect, before anything else",
  },
  {
    id: "duplicate-create",
    title: "a unique object is made twice",
    cwe: [837, 362],
    owasp: ["API6"],
    clause: "ASVS 2.3.4, 15.4.2",
    fix: "put a UNIQUE constraint on it, insert, and answer its violation with 409 or with what is there",
  },
  {
    id: "use-after-delete",
    title: "an act takes effect on an object that was deleted",
    cwe: [367, 362],
    owasp: ["API1"],
    clause: "ASVS 15.4.2",
    fix: "lock the parent's row FOR KEY SHARE in the transaction that writes, or let a foreign key do it; UPDATE, never save back",
  },
  {
    id: "write-skew",
    title: "two writes together break what each of them keeps",
    cwe: [362],
    owasp: ["API6"],
    clause: "ASVS 15.4.2",
    fix: "lock all rows that the rule is about, in one order, or run at SERIALIZABLE and try again",
  },
  {
    id: "missing-transaction",
    title: "the steps of one call can be seen one by one",
    cwe: [362, 460],
    owasp: [],
    clause: "ASVS 2.3.3, 15.4.2",
    fix: "make all steps of the call in one transaction, the check of the token among them",
  },
  {
    id: "lock-order",
    title: "two requests wait for each other's locks",
    cwe: [833],
    owasp: ["API4"],
    clause: "ASVS 15.4.3",
    proof: "schedule",
    fix: "take all locks in one order, the strongest that is needed at once; try a deadlock's victim again",
  },
];

export function weaknessOf(id: string): Weakness | undefined {
  return catalogue.find((one) => one.id === id);
}
