import { z } from "zod";

/** How a scan was run, and what kept it from doing harm (DESIGN §11). */
export interface Settings {
  readonly trials: number;
  readonly timeoutMs: number;
  readonly requestLimit: number;
  readonly ratePerSecond?: number;
  /** Nothing else was raced; all where absent. */
  readonly weaknesses?: readonly string[];
  /** The database was in view: orders of SQL statements were tried. */
  readonly database: boolean;
  /** Origins beyond this machine that may be scanned. */
  readonly allow: readonly string[];
  /** Operations that could be called although they may move money or send mail. */
  readonly optIn: readonly string[];
  /** Operations that were left out, and why. */
  readonly omitted: readonly { readonly operation: string; readonly reason: string }[];
}

export const settingsSchema = z
  .object({
    trials: z.number(),
    timeoutMs: z.number(),
    requestLimit: z.number(),
    ratePerSecond: z.number().optional(),
    weaknesses: z.array(z.string()).readonly().optional().describe("nothing else was raced"),
    database: z.boolean().describe("orders of SQL statements were tried"),
    allow: z.array(z.string()).readonly().describe("origins beyond this machine that may be scanned"),
    optIn: z.array(z.string()).readonly(),
    omitted: z.array(z.object({ operation: z.string(), reason: z.string() })).readonly(),
  })
  .describe("how the scan was run, and what kept it from doing harm");
