import { z } from "zod";
import type { OperationRef } from "./finding.ts";

/** What an operation is called with to see whether its declared scheme is in force. */
export const CONTROLS = [
  "none",
  "malformed",
  "garbage",
  "forged",
  "case",
  "two",
  "query",
  "other",
  "expired",
  "revoked",
  "revoked1s",
  "revoked5s",
] as const;

export type ControlName = (typeof CONTROLS)[number];

/** In words, for tables and documentation. */
export const CONTROL_WORDS: Readonly<Record<ControlName, string>> = {
  none: "no token",
  malformed: "the scheme's word without a token",
  garbage: "a text that is no token",
  forged: "a JSON Web Token without a signature",
  case: "the good token, the scheme's word in another case (RFC 9110 §11.1: must be accepted)",
  two: "two Authorization headers, one of them good",
  query: "the good token in the query (RFC 6750 §2.3)",
  other: "another user's token on an object of the first user's",
  expired: "a token after its end",
  revoked: "a revoked token, at once",
  revoked1s: "a revoked token, 1 s later",
  revoked5s: "a revoked token, 5 s later",
};

/**
 * What became of it. `accepted`: the protected data was shown or the effect took place. `withheld`: answered with
 * 2xx, but neither. `unclear`: it cannot be told which.
 */
export type ControlAnswer = "refused" | "accepted" | "withheld" | "unclear" | "not-tested";

export interface ControlCell {
  readonly answer: ControlAnswer;
  /** Absent where nothing was sent or no complete answer came. */
  readonly status?: number;
  /** How it was tested, or why it was not: without secrets. */
  readonly tested: string;
}

/** One row of the control matrix: what the document declares of an operation, and what is in force. */
export interface ControlRow {
  readonly operation: OperationRef;
  /** Security schemes of which the document demands one; empty for an operation that it declares open. */
  readonly declared: readonly string[];
  /** The document lets it be called without a credential as well (`{}` among its requirements). */
  readonly optional: boolean;
  /** The scheme that was tested; absent where none was. */
  readonly scheme?: string;
  readonly enforced: Readonly<Partial<Record<ControlName, ControlCell>>>;
  /** A 401 names the scheme to use (RFC 9110 §11.6.1, RFC 6750 §3). */
  readonly challenge: "proper" | "other" | "missing" | "not seen";
  /** Token check and write in one transaction: not to be told without the database in view. */
  readonly atomic: "yes" | "no" | "not known";
  readonly remarks: readonly string[];
  /** Why the row could not be judged. */
  readonly reason?: string;
}

const cell = z.object({
  answer: z.enum(["refused", "accepted", "withheld", "unclear", "not-tested"]),
  status: z.number().optional(),
  tested: z.string().describe("how it was tested, or why it was not"),
});

export const controlRowSchema = z.object({
  operation: z.object({ method: z.string(), path: z.string(), operationId: z.string().optional() }),
  declared: z.array(z.string()).readonly(),
  optional: z.boolean().describe("may be called without a credential as well"),
  scheme: z.string().optional(),
  enforced: z.partialRecord(z.enum(CONTROLS), cell).describe("by what it was called with"),
  challenge: z.enum(["proper", "other", "missing", "not seen"]).describe("WWW-Authenticate of a 401"),
  atomic: z.enum(["yes", "no", "not known"]).describe("token check and write in one transaction"),
  remarks: z.array(z.string()).readonly(),
  reason: z.string().optional(),
});
