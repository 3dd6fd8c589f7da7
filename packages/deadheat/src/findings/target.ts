import { z } from "zod";

/** Where requests went, and how. */
export interface TargetReport {
  readonly origin: string;
  /** The user's statement that it may be tested. */
  readonly authorization?: string;
  /** Certificates were not checked. */
  readonly insecure?: true;
  /** Asked for by name in place of the origin's own (SNI). */
  readonly serverName?: string;
  /** `socks5://127.0.0.1:1080`; never with credentials. */
  readonly proxy?: string;
}

export const targetReportSchema = z.object({
  origin: z.string(),
  authorization: z.string().optional().describe("the user's statement that this target may be tested"),
  insecure: z.literal(true).optional().describe("certificates were not checked"),
  serverName: z.string().optional().describe("asked for by name in place of the origin's own (SNI)"),
  proxy: z.string().optional().describe("through which everything was sent"),
});
