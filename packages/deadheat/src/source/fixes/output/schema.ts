import { z } from "zod";

const finding = z.looseObject({
  rule: z.string(),
  weakness: z.string(),
  severity: z.enum(["high", "medium", "low", "info"]),
  file: z.string().describe("relative to the project, with /"),
  line: z.int(),
  function: z.string(),
  fingerprint: z.string(),
});

/** What `deadheat fix --format json` writes. Keys are added, never renamed. */
export const fixReportSchema = z.object({
  schema: z.literal("deadheat/fix/1"),
  tool: z.object({ name: z.literal("deadheat"), version: z.string() }),
  written: z.boolean().describe("whether the project was changed"),
  fixed: z.array(
    z.object({
      finding,
      kind: z.string().describe("which kind of fix: docs/fix.md"),
      title: z.string(),
      diff: z.string().describe("unified; applies after those before it"),
      warnings: z.array(z.string()).describe("what has to be known or done before it is applied"),
      also: z.array(finding).describe("other findings that are gone with it"),
    }),
  ),
  unfixed: z.array(z.object({ finding, reason: z.string() })),
  patches: z.array(
    z.object({
      file: z.string(),
      diff: z.string(),
      text: z.string().describe("the whole file as it is with all fixes"),
      findingIds: z.array(z.string()).describe("fingerprints"),
      isNew: z.boolean(),
    }),
  ),
});

export function fixJsonSchema(): unknown {
  return z.toJSONSchema(fixReportSchema);
}
