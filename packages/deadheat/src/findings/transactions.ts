import { z } from "zod";
import type { OperationRef } from "./finding.ts";

/** One statement of a request, as captured of it alone. */
export interface TransactionStatement {
  /** Values in it are parameters. */
  readonly text: string;
  /** Of the request, from 1; absent for a statement that is its own transaction. */
  readonly transaction?: number;
  /** `reads access_tokens`, `writes profiles`. */
  readonly touches: readonly string[];
  readonly locks?: string;
  /** Of the statements, from 1, whose rows it may depend on: they read a table that it writes. */
  readonly fedBy: readonly number[];
  /** The token, or what it rests on, is looked up here. */
  readonly checksToken?: true;
  /** Tests and writes at once: no schedule gets in between. */
  readonly alone?: true;
}

/** What a request does in which transaction, from the capture alone. */
export interface TransactionReport {
  readonly operation: OperationRef;
  readonly statements: readonly TransactionStatement[];
  /** The token check in the same transaction as each write. */
  readonly atomic: "yes" | "no" | "not known";
  /** In words, for people. */
  readonly remarks: readonly string[];
}

export const transactionReportSchema = z.object({
  operation: z.object({ method: z.string(), path: z.string(), operationId: z.string().optional() }),
  statements: z
    .array(
      z.object({
        text: z.string().describe("values are parameters"),
        transaction: z.number().optional(),
        touches: z.array(z.string()).readonly(),
        locks: z.string().optional(),
        fedBy: z.array(z.number()).readonly().describe("statements that read a table that this one writes"),
        checksToken: z.literal(true).optional(),
        alone: z.literal(true).optional().describe("tests and writes in one statement"),
      }),
    )
    .readonly(),
  atomic: z.enum(["yes", "no", "not known"]).describe("token check in the transaction of every write"),
  remarks: z.array(z.string()).readonly(),
});
