import type { ControlCell, ControlName, ControlRow } from "../findings/controls.ts";

/** Short enough for a table. */
export const CONTROL_HEADS: Readonly<Record<ControlName, string>> = {
  none: "none",
  malformed: "malf",
  garbage: "garb",
  forged: "forg",
  case: "case",
  two: "two",
  query: "qury",
  other: "othr",
  expired: "exp",
  revoked: "rev",
  revoked1s: "+1 s",
  revoked5s: "+5 s",
};

/** Where one of these is accepted, a proof was made of it. */
const PROVEN: readonly ControlName[] = ["none", "malformed", "garbage", "forged", "revoked5s"];

/** `✓` as declared, `✗` not in force, `!` not as usual, `~` 2xx without data or effect, `?` not to be told; else empty. */
export function controlMark(control: ControlName, cell: ControlCell | undefined, optional: boolean): string {
  if (!cell || cell.answer === "not-tested") return "";
  if (cell.answer === "withheld") return "~";
  if (cell.answer === "unclear") return optional ? "" : "?";
  const right = control === "case" ? "accepted" : "refused";
  if (cell.answer === right) return "✓";
  return PROVEN.includes(control) ? "✗" : "!";
}

export function challengeMark({ challenge }: ControlRow): string {
  return { proper: "✓", other: "!", missing: "!", "not seen": "" }[challenge];
}
