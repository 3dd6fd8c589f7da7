import type { Side } from "../client/user.ts";
import type { Row } from "./rows.ts";

export interface Measured {
  readonly row: Row;
  readonly trials: number;
  readonly violated: number;
  /** Of all requests that were raced: how many got which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What the trials said, most frequent first. */
  readonly notes: readonly string[];
}

export async function measure(url: string, row: Row, trials: number): Promise<Measured> {
  const side: Side = { url, scheme: row.scheme, half: row.half };
  const statuses = new Map<number, number>();
  const notes = new Map<string, number>();
  let violated = 0;
  for (let index = 0; index < trials; index++) {
    const trial = await row.experiment(index / trials).run(side);
    if (trial.violated) violated++;
    for (const status of trial.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    notes.set(trial.note, (notes.get(trial.note) ?? 0) + 1);
  }
  const byNumber = [...notes].sort((a, b) => b[1] - a[1]).map(([note]) => note);
  return { row, trials, violated, statuses, notes: byNumber };
}

/** A line of a Markdown table, with what prints it. */
export function lineOf({ row, trials, violated, statuses, notes }: Measured): string {
  const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const answers = [...statuses]
    .sort((a, b) => a[0] - b[0])
    .map(([status, count]) => `${status || "none"} ${Math.round((100 * count) / all)} %`)
    .join(", ");
  return `| ${row.what} | ${violated}/${trials} | ${answers} | ${notes[0]} | \`npm run measure:django ${row.id}\` |`;
}

export const HEADING = ["| what | violated | answers | most often | command |", "|---|---|---|---|---|"];
