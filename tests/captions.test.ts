import { expect, it } from "vitest";
import { captionsTarget, type Kept } from "./targets/captions.ts";
import { lines, scanned } from "./targets/scanned.ts";

const COUNT = "adds 1 to the number of items in / of GET /captions";

/** A text that a PUT sets is to be seen in a list alone: is it one that is replaced, or one beside the others? */
it.concurrent.each<[Kept, string, string]>([
  ["one", `made once, and set from then on, ${COUNT}`, "not-observed"],
  ["looked for", `made once, and set from then on, ${COUNT}`, "proven"],
  ["each text once", `takes the same text once, ${COUNT}`, "proven"],
])("a text in a list, %s", async (kept, learned, raced) => {
  const target = await captionsTarget(kept);
  try {
    const { report } = await scanned(target, { weaknesses: ["lost-update", "limit-overrun"] });
    const told = lines(report).filter((one) => one.includes("/caption"));
    expect(told).toEqual([
      `lost-update PUT /caption: not-applicable (it is no counter: ${learned})`,
      `limit-overrun PUT /caption: ${raced}`,
    ]);
  } finally {
    await target.stop();
  }
});
