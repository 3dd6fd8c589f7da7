import { expect, it, vi } from "vitest";
import { documents } from "../labels/index.ts";
import { type Agreement, measure, precision, recall } from "../labels/measure.ts";
import { packageFolder } from "../support/packages.ts";

vi.setConfig({ testTimeout: 300_000 });

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

function line(name: string, agreement: Agreement): string {
  const { right, wrong, missed } = agreement;
  return (
    `${name}: precision ${percent(precision(agreement))}, recall ${percent(recall(agreement))} ` +
    `(${right} right, ${wrong.length} wrong, ${missed.length} missed)`
  );
}

it("what is inferred is what a reader of the documents says", () => {
  const { operations, lifecycle, links, kinds } = measure(documents, packageFolder);
  console.log(
    [
      `${operations} operations of ${documents.length} documents, read by hand`,
      line("token lifecycle", lifecycle),
      line("links", links),
      line("kinds", kinds),
      ...[lifecycle, links, kinds].flatMap(({ wrong, missed }) => [...wrong, ...missed]),
    ].join("\n"),
  );
  expect(operations).toBeGreaterThanOrEqual(150);
  expect(precision(lifecycle)).toBeGreaterThanOrEqual(0.95);
  expect(recall(lifecycle)).toBeGreaterThanOrEqual(0.85);
  expect(precision(links)).toBeGreaterThanOrEqual(0.95);
  expect(recall(links)).toBeGreaterThanOrEqual(0.8);
  expect(precision(kinds)).toBeGreaterThanOrEqual(0.9);
});
