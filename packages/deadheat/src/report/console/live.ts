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
      output.write(`\r\u001b[2K${text}`);
    },
    clear(): void {
      if (shown) output.write("\r\u001b[2K");
      shown = false;
    },
  };
}
