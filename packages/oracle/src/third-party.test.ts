import { describe, expect, it } from "vitest";
import { check } from "./check.ts";
import { checkText } from "./check-text.ts";
import { readFormat } from "./formats/index.ts";
import { modelNamed } from "./models/named.ts";
import { isLegalOrder } from "./search/replay.ts";
import { bruteForce } from "./testing/brute.ts";
import { historyText, thirdPartyHistories } from "./testing/histories.ts";

const histories = thirdPartyHistories();

describe("third-party histories", () => {
  if (histories === undefined) {
    it.skip("not on this machine: set DEADHEAT_HISTORIES to the directory with their manifest.json");
    return;
  }

  it.each(histories)("$file has the verdict its source asserts", ({ file, format, model, linearizable }) => {
    const text = historyText(file);
    const history = readFormat(text, format);
    const named = modelNamed(model);
    const result = check(named, history);
    expect(result.verdict).toBe(linearizable ? "linearizable" : "race");
    if (linearizable) {
      expect(isLegalOrder(named, history, result.linearization!)).toBe(true);
      return;
    }
    const { operations, core, minimal } = result.witness!;
    expect(minimal).toBe(true);
    if (operations.length <= 8) expect(bruteForce(named, operations)).toBe(false);
    if (core.length <= 8) {
      expect(
        bruteForce(
          named,
          operations.filter(({ id }) => core.includes(id)),
        ),
      ).toBe(false);
    }
  });

  it("has a result for the command line", () => {
    const racy = histories.find(({ linearizable }) => !linearizable)!;
    const result = checkText(historyText(racy.file), racy);
    expect(result).toMatchObject({ schema: "deadheat-history-check/1", verdict: "race" });
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ witness: { minimal: true } });
  });
});
