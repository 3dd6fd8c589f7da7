import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseOpenApi } from "../../packages/deadheat/src/spec/index.ts";
import { survey } from "../../packages/deadheat/src/spec/survey.ts";
import type { LabelledDocument } from "./label.ts";

/** How what is inferred compares with what was read by hand. */
export interface Agreement {
  right: number;
  /** Inferred, and not so or not in this way. */
  readonly wrong: string[];
  /** So, and not inferred. */
  readonly missed: string[];
}

export interface Measured {
  readonly operations: number;
  readonly lifecycle: Agreement;
  readonly links: Agreement;
  readonly kinds: Agreement;
}

/** Surveys each document and holds it against its labels. */
export function measure(
  documents: readonly LabelledDocument[],
  folderOf: (source: string) => string,
): Measured {
  const none = (): Agreement => ({ right: 0, wrong: [], missed: [] });
  const all = { lifecycle: none(), links: none(), kinds: none() };
  let operations = 0;
  for (const { source, file, labels } of documents) {
    const path = join(folderOf(source), file);
    const found = survey(parseOpenApi(file, readFileSync(path, "utf8")));
    const byName = new Map(found.operations.map((one) => [`${one.operation.method} ${one.template}`, one]));
    const nameOf = new Map([...byName].map(([name, one]) => [one.operation.id, name]));
    for (const [name, kind, lifecycle, links = {}] of labels) {
      const one = byName.get(name);
      if (!one) throw new Error(`${file}: no ${name}`);
      operations++;
      const place = `${file} ${name}`;
      compare(all.kinds, place, kind, one.kind);
      compare(all.lifecycle, place, lifecycle, one.lifecycle?.lifecycle ?? null);
      const linked = found.links.filter(
        (link) => link.consumer === one.operation.id && link.place === "path",
      );
      for (const [parameter, producer] of Object.entries(links)) {
        const link = linked.find((it) => it.parameter === parameter);
        compare(
          all.links,
          `${place} {${parameter}}`,
          producer,
          link ? (nameOf.get(link.producer) ?? null) : null,
        );
      }
    }
  }
  return { operations, ...all };
}

function compare(agreement: Agreement, place: string, wanted: string | null, got: string | null): void {
  if (wanted === got) {
    if (wanted !== null) agreement.right++;
    return;
  }
  if (got !== null) agreement.wrong.push(`${place}: ${got}, and it is ${wanted ?? "none"}`);
  if (wanted !== null) agreement.missed.push(`${place}: ${wanted}, and was taken for ${got ?? "none"}`);
}

export function precision({ right, wrong }: Agreement): number {
  return right / (right + wrong.length);
}

export function recall({ right, missed }: Agreement): number {
  return right / (right + missed.length);
}
