/** One class of race. DESIGN §4. */
export interface Weakness {
  readonly id: string;
  readonly title: string;
  readonly cwe: readonly number[];
  readonly owasp: readonly string[];
  readonly clause: string;
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
];

export function weaknessOf(id: string): Weakness | undefined {
  return catalogue.find((one) => one.id === id);
}
