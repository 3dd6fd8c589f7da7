import { cpus, release, totalmem, type } from "node:os";

/** The machine, in two lines: figures mean nothing without it. */
export function machine(): string {
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `${processors.length} × ${processors[0]?.model.trim() ?? "unknown processor"}, ${memory} GiB`,
    `${type()} ${release()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  ].join("\n");
}

/** The q-quantile (0 … 1) of some numbers. */
export function quantile(numbers: readonly number[], q: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** Milliseconds that a call takes. */
export function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

/** One figure beside what it has to reach. */
export function report(what: string, value: string, wanted = ""): void {
  console.log(`${what.padEnd(58)} ${value.padStart(14)}   ${wanted}`.trimEnd());
}
