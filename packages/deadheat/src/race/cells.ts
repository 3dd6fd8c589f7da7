import type { SqlResult } from "../plan/interleaving.ts";

/** A value that a database gave, as it may be meant. */
export interface Cell {
  /** The likeliest first; several where it came in binary, of which the type is not known here. */
  readonly numbers: readonly number[];
  readonly text: string;
}

const NUMERAL = /^-?\d{1,15}(\.\d+)?$/;

/** By column; what is JSON in one column by its places as well, items of a list together. NULL is left out. */
export function cellsOf(results: readonly SqlResult[]): Map<string, Cell[]> {
  const cells = new Map<string, Cell[]>();
  const note = (name: string, cell: Cell) => {
    const known = cells.get(name);
    if (known) known.push(cell);
    else cells.set(name, [cell]);
  };
  for (const { rows } of results)
    for (const row of rows)
      for (const [index, bytes] of row.entries()) {
        if (bytes === null) continue;
        const cell = cellOf(bytes);
        note(String(index), cell);
        if (/^\s*[[{]/.test(cell.text))
          for (const [place, value] of inJson(cell.text)) note(`${index} ${place}`, value);
      }
  return cells;
}

/** Of a result it is not known here whether it came as text or in binary: a text that is a number is one. */
function cellOf(bytes: Uint8Array): Cell {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  return { text, numbers: NUMERAL.test(text) ? [Number(text)] : binaryNumbers(buffer) };
}

/** int2, int4, int8, float4, float8 and numeric, all big-endian (PostgreSQL documentation, Binary Format). */
function binaryNumbers(bytes: Buffer): number[] {
  const found: number[] = [];
  if (bytes.length === 2) found.push(bytes.readInt16BE());
  if (bytes.length === 4) found.push(bytes.readInt32BE(), bytes.readFloatBE());
  if (bytes.length === 8) found.push(Number(bytes.readBigInt64BE()), bytes.readDoubleBE());
  const numeric = numericOf(bytes);
  return (numeric === undefined ? found : [...found, numeric]).filter(Number.isFinite);
}

const NEGATIVE = 0x4000;

/** Digits to the base 10,000, the first of them with this weight (src/backend/utils/adt/numeric.c, numeric_send). */
function numericOf(bytes: Buffer): number | undefined {
  if (bytes.length < 8 || bytes.length !== 8 + 2 * bytes.readUInt16BE(0)) return undefined;
  const [count, weight, sign] = [bytes.readUInt16BE(0), bytes.readInt16BE(2), bytes.readUInt16BE(4)];
  if (sign !== 0 && sign !== NEGATIVE) return undefined;
  let value = 0;
  for (let index = 0; index < count; index++)
    value += bytes.readUInt16BE(8 + 2 * index) * 10_000 ** (weight - index);
  return sign === NEGATIVE ? -value : value;
}

function inJson(text: string): [string, Cell][] {
  const found: [string, Cell][] = [];
  const enter = (value: unknown, place: string) => {
    if (Array.isArray(value)) {
      found.push([`${place}/-`, { numbers: [value.length], text: String(value.length) }]);
      for (const item of value) enter(item, `${place}/*`);
    } else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) enter(inner, `${place}/${key}`);
    else if (value !== null) {
      const shown = String(value);
      found.push([place, { numbers: NUMERAL.test(shown) ? [Number(shown)] : [], text: shown }]);
    }
  };
  try {
    enter(JSON.parse(text), "");
  } catch {
    // A text that looks like it, or a row of PostgreSQL's own notation.
  }
  return found;
}
