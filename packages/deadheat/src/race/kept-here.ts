import type { SqlResult } from "../plan/interleaving.ts";
import { type Cell, cellsOf } from "./cells.ts";

/** One place of the state that a trial is judged by, as the API showed it before the requests and after them. */
export interface Change {
  /** Absent where it is not known, or nothing was there. */
  readonly before?: unknown;
  /** Absent where nothing is there any more. */
  readonly after?: unknown;
}

/** What the database answered to the reads of the state, before the requests and after them. */
export interface Answered {
  readonly before: readonly SqlResult[];
  readonly after: readonly SqlResult[];
  /** Statements of the reads that read what the requests change. */
  readonly readBy: ReadonlySet<string>;
  /** Statements that the requests themselves send as well: such as the one that looks a token up. */
  readonly shared: ReadonlySet<string>;
  /** Statements that give nothing but sums of rows. */
  readonly summed?: ReadonlySet<string>;
}

/**
 * Whether the database's answers changed as those of the API did: where it keeps points in memory or in Redis, and only
 * tokens in the database, the points are in no row. A number counts where a column shows it (or their sum, or the number
 * of rows), before and after. All numbers have to; of an API without any, one text, or rows that come or go.
 * `as a sum`: of rows that only came; no two of them can lose each other's.
 */
export function shownByDatabase(
  changes: readonly Change[],
  answered: Answered,
): "not" | "as a sum" | "as it is" {
  const columns = [...answered.readBy].flatMap((fingerprint) => columnsIn(fingerprint, answered));
  const numbers = changes.filter((one) => typeof one.after === "number" || isNumeral(one.after));
  if (numbers.length > 0) {
    const places = numbers.map((one) => columns.filter((column) => showsNumber(column, one)));
    if (places.some((found) => found.length === 0)) return "not";
    const isSum = places.every((found, index) =>
      found.every((one) => isSumIn(one, numbers[index] as Change)),
    );
    return isSum ? "as a sum" : "as it is";
  }
  const texts = changes.filter(({ after }) => after !== undefined && after !== null);
  const shown =
    texts.length > 0
      ? texts.some((one) => columns.some((column) => showsText(column, one)))
      : changes.length > 0 && columns.some((column) => (column.rows ? differs(column) : isReplaced(column)));
  return shown ? "as it is" : "not";
}

/** All that was there is there still, more has come, and none of it is the number itself. */
function isSumIn({ before, after, rows, summed }: Column, change: Change): boolean {
  if (rows || summed) return true;
  const left = after.map((one) => one.text);
  for (const { text } of before) {
    const at = left.indexOf(text);
    if (at < 0) return false;
    left.splice(at, 1);
  }
  const itself = after.some((one) => one.numbers.some((number) => isSame(number, Number(change.after))));
  return left.length > 0 && !itself;
}

/** One column of a statement's results, or how many rows it gave. */
interface Column {
  readonly before: readonly Cell[];
  readonly after: readonly Cell[];
  readonly rows?: true;
  /** Its statement is the reads' own. */
  readonly own: boolean;
  /** The database has summed it up. */
  readonly summed: boolean;
}

function columnsIn(fingerprint: string, { before, after, shared, summed: sums }: Answered): Column[] {
  const now = after.filter((one) => one.fingerprint === fingerprint);
  // As many as one reading takes: those before belong to the set-up.
  const then = before.filter((one) => one.fingerprint === fingerprint).slice(-now.length);
  const from = { own: !shared.has(fingerprint), summed: sums?.has(fingerprint) === true };
  const [old, recent] = [cellsOf(then), cellsOf(now)];
  const rows = (results: readonly SqlResult[]): Cell[] =>
    results.map((one) => ({ numbers: [one.rows.length], text: String(one.rows.length) }));
  return [
    { before: rows(then), after: rows(now), rows: true, ...from },
    ...[...recent].map(([name, cells]) => ({ before: old.get(name) ?? [], after: cells, ...from })),
  ];
}

function differs({ before, after }: Column): boolean {
  const texts = (cells: readonly Cell[]) =>
    cells
      .map((one) => one.text)
      .sort()
      .join("\0");
  return texts(before) !== texts(after);
}

/**
 * What is refused now may be so by what its row says: it has another owner. A time, or a counter that each change moves on
 * and that is low as the object is new, says nothing of that.
 */
function isReplaced({ before, after, own }: Column): boolean {
  if (!own || before.length !== after.length) return false;
  return after.some(({ text, numbers }, index) => {
    const old = before[index] as Cell;
    const moved = numbers.some((one) =>
      old.numbers.some((other) => one === other + 1 && one <= HIGHEST_COUNT),
    );
    return text !== old.text && !moved && !TIME.test(text) && !isBinaryTime(numbers);
  });
}

const HIGHEST_COUNT = 10;

/** Microseconds since 2000 (PostgreSQL documentation, 8.5), of this century. */
function isBinaryTime(numbers: readonly number[]): boolean {
  return numbers.some((one) => one > 1e14 && one < 3.2e15);
}

function showsNumber(column: Column, change: Change): boolean {
  if (!differs(column)) return false;
  const after = Number(change.after);
  const before = change.before === undefined || change.before === null ? undefined : Number(change.before);
  const wasShown =
    before === undefined ||
    holds(column.before, before) ||
    // Where there was no row, or NULL in it, an API shows 0.
    (before === 0 && column.before.every((one) => one.numbers.length === 0));
  if (wasShown && holds(column.after, after)) return true;
  return column.own && before !== undefined && changesAlike(column, after - before);
}

function holds(cells: readonly Cell[], wanted: number): boolean {
  return [total(cells), ...cells.flatMap((one) => one.numbers)].some((one) => isSame(one, wanted));
}

/** What is shown may be worked out: seats that are left, euros of cents. That it changes by as much has to do. */
function changesAlike({ before, after }: Column, by: number): boolean {
  const change = Math.abs(total(after) - total(before));
  return change > 0 && SCALES.some((scale) => isSame(change * scale, Math.abs(by)));
}

const SCALES = [0.01, 0.001, 1, 100, 1000];

function total(cells: readonly Cell[]): number {
  return cells.reduce((sum, { numbers: [first = 0] }) => sum + first, 0);
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
}

function showsText(column: Column, { after }: Change): boolean {
  const shows = ({ text }: Cell) =>
    typeof after === "boolean" ? BOOLEANS.get(text) === after : isSameText(text, String(after));
  return column.after.filter(shows).length > column.before.filter(shows).length;
}

const BOOLEANS = new Map([
  ["t", true],
  ["f", false],
  ["true", true],
  ["false", false],
  ["\u0001", true],
  ["\u0000", false],
]);
const SHORTEST_PART = 4;
/** What stands in a state in place of a name that was made for one trial (pairs/state.ts). */
const NAME = /\{\w+\}/;

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function isSameText(cell: string, shown: string): boolean {
  if (cell === shown) return true;
  // Names that are made anew for each trial are left out of what is shown.
  if (NAME.test(shown)) return new RegExp(`^${shown.split(NAME).map(literal).join(".+")}$`, "s").test(cell);
  if (shown.length >= SHORTEST_PART && cell.includes(shown)) return true;
  return TIME.test(shown) && Math.abs(momentOf(cell) - momentOf(shown)) < 1000;
}

const TIME = /^\d{4}-\d\d-\d\d[T ]/;

/** PostgreSQL writes `+00`. */
function momentOf(text: string): number {
  return Date.parse(text.replace(/([+-]\d\d)$/, "$1:00"));
}

function isNumeral(value: unknown): boolean {
  return typeof value === "string" && /^-?\d{1,15}(\.\d+)?$/.test(value);
}
