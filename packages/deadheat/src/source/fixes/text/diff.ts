/**
 * A unified diff with three lines around each change, as `patch -p1` and `git apply` take it. Lines keep their
 * carriage returns. Empty where nothing differs; `before` is undefined for a new file.
 */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  if (before === after) return "";
  const [a, b] = [linesOf(before ?? ""), linesOf(after)];
  const hunks = hunksOf(script(a, b));
  const head = `--- ${before === undefined ? "/dev/null" : `a/${file}`}\n+++ b/${file}\n`;
  return head + hunks.map(printed).join("");
}

interface Line {
  readonly kind: " " | "-" | "+";
  readonly text: string;
  /** Lines of either text before this one. */
  readonly a: number;
  readonly b: number;
}

/** Each with its newline, so that a missing one at the end is a difference. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The shortest edit script (Myers 1986): time is size × differences, and fixes differ in a few lines. */
function script(a: readonly string[], b: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  let reached = new Map([[1, 0]]);
  for (let d = 0; ; d++) {
    const next = new Map(reached);
    trace.push(reached);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
      let x = down ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return backwards(a, b, trace, d);
    }
    reached = next;
  }
}

function backwards(
  a: readonly string[],
  b: readonly string[],
  trace: readonly Map<number, number>[],
  depth: number,
): Line[] {
  const out: Line[] = [];
  let [x, y] = [a.length, b.length];
  const same = (to: number) => {
    while (x > to) {
      x--;
      y--;
      out.push({ kind: " ", text: a[x] as string, a: x, b: y });
    }
  };
  for (let d = depth; d > 0; d--) {
    const reached = trace[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const from = reached.get(down ? k + 1 : k - 1) ?? 0;
    same(down ? from : from + 1);
    if (down) out.push({ kind: "+", text: b[--y] as string, a: x, b: y });
    else out.push({ kind: "-", text: a[--x] as string, a: x, b: y });
  }
  same(0);
  return out.reverse();
}

const AROUND = 3;

function hunksOf(lines: readonly Line[]): Line[][] {
  const hunks: Line[][] = [];
  let last = -1;
  lines.forEach((line, index) => {
    if (line.kind === " ") return;
    const from = Math.max(0, index - AROUND);
    const to = Math.min(lines.length, index + AROUND + 1);
    if (from <= last && hunks.length > 0) hunks.at(-1)?.push(...lines.slice(last, to));
    else hunks.push(lines.slice(from, to));
    last = to;
  });
  return hunks;
}

function printed(hunk: readonly Line[]): string {
  const [first] = hunk as [Line];
  const size = (skip: Line["kind"]) => hunk.filter((one) => one.kind !== skip).length;
  const range = (before: number, count: number) => `${count === 0 ? before : before + 1},${count}`;
  const body = hunk.map(({ kind, text }) =>
    text.endsWith("\n") ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range(first.a, size("+"))} +${range(first.b, size("-"))} @@\n${body.join("")}`;
}
