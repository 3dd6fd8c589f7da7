import { expect, it, vi } from "vitest";
import { heldOut, heldOutAgain } from "../labels/held-out.ts";
import { documents } from "../labels/index.ts";
import type { LabelledDocument } from "../labels/label.ts";
import { type Agreement, type Measured, measure, precision, recall } from "../labels/measure.ts";
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

function figures(name: string, labelled: readonly LabelledDocument[]): Measured {
  const measured = measure(labelled, packageFolder);
  const { operations, lifecycle, links, kinds } = measured;
  console.log(
    [
      `${operations} operations of ${labelled.length} documents, ${name}`,
      line("token lifecycle", lifecycle),
      line("links", links),
      line("kinds", kinds),
      ...[lifecycle, links, kinds].flatMap(({ wrong, missed }) => [...wrong, ...missed]),
    ].join("\n"),
  );
  return measured;
}

it.each([
  ["read by hand", documents],
  ["read after the rules were written", heldOut],
  ["read after they were changed for those", heldOutAgain],
])("what is inferred is what a reader of the documents says: %s", (name, labelled) => {
  const { operations, lifecycle, links, kinds } = figures(name, labelled);
  expect(operations).toBeGreaterThanOrEqual(labelled === documents ? 150 : 60);
  expect(precision(lifecycle)).toBeGreaterThanOrEqual(0.95);
  expect(recall(lifecycle)).toBeGreaterThanOrEqual(0.85);
  expect(precision(links)).toBeGreaterThanOrEqual(0.95);
  expect(recall(links)).toBeGreaterThanOrEqual(0.8);
  expect(precision(kinds)).toBeGreaterThanOrEqual(0.9);
});
