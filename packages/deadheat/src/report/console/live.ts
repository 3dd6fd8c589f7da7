import type { Output } from "../reporter.ts";

const EVERY_MS = 80;

/** One line that is rewritten while something runs. Without a terminal it stays silent: logs keep only results. */
export function liveLine(output: Output, now: () => number = () => performance.now()) {
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(text: string): void {
      if (!output.live || now() - last < EVERY_MS) return;
      last = now();
      shown = true;
      // A line that goes on below could not be taken away again.
      output.write(`\r\u001b[2K${cut(text, (output.width?.() ?? Number.POSITIVE_INFINITY) - 1)}`);
    },
    clear(): void {
      if (shown) output.write("\r\u001b[2K");
      shown = false;
    },
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}
