import { CONTROL_WORDS, CONTROLS, type ControlRow } from "../../findings/controls.ts";
import { CONTROL_HEADS, challengeMark, controlMark } from "../control-marks.ts";
import { operationName } from "../words.ts";
import type { MatrixCell, PageData } from "./data.ts";

/** The control matrix, in marks and in words. Columns in which nothing was tested are left out. */
export function matrixOf(controls: readonly ControlRow[]): PageData["matrix"] {
  const rows = controls.filter((row) => row.declared.length > 0);
  const columns = CONTROLS.filter((name) =>
    rows.some((row) => controlMark(name, row.enforced[name], row.optional) !== ""),
  );
  const seen = rows.some((row) => row.atomic !== "not known");
  return {
    heads: [
      ...columns.map((name) => ({ name: CONTROL_HEADS[name], words: CONTROL_WORDS[name] })),
      { name: "401", words: "a refusal names the scheme to use (WWW-Authenticate)" },
      ...(seen ? [{ name: "1 tx", words: "token check and write in one transaction" }] : []),
    ],
    rows: rows.map((row) => ({
      operation: operationName(row.operation),
      ...(row.reason === undefined ? {} : { reason: row.reason }),
      cells: [
        ...columns.map((name): MatrixCell => {
          const cell = row.enforced[name];
          const mark = controlMark(name, cell, row.optional);
          const status = cell?.status === undefined ? "" : ` with ${cell.status}`;
          return {
            mark,
            words: cell ? `${cell.answer.replace("-", " ")}${status}: ${cell.tested}` : "not tested",
          };
        }),
        { mark: challengeMark(row), words: row.challenge },
        ...(seen ? [{ mark: ATOMIC[row.atomic], words: row.atomic }] : []),
      ],
    })),
    remarks: remarksOf(controls),
  };
}

const ATOMIC = { yes: "✓", no: "!", "not known": "" } as const;

/** One line for each remark, however many operations it is about. */
function remarksOf(rows: readonly ControlRow[]): string[] {
  const about = new Map<string, string[]>();
  for (const { remarks, operation } of rows)
    for (const remark of remarks) about.set(remark, [...(about.get(remark) ?? []), operationName(operation)]);
  return [...about].map(([remark, names]) => `${names.join(", ")}: ${remark}`);
}
