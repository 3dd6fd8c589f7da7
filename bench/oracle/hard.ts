import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { check, counter, type History, register, set } from "../../packages/oracle/src/index.ts";
import { burst, type Family, random } from "./bursts.ts";
import { median, ms, quantile, report, timed } from "./machine.ts";

const now = () => performance.now();

/** Shares of reads, lengths of intervals (arrivals spread over 1) and stale writes (-1: a stale read at the end), combined. */
const READS = [0, 0.1, 0.3];
const LENGTHS = [0.1, 0.3, 2];
const LOST = [0, 10, 150, -1];
const EACH = 12;

/** Bursts of 200 requests, 30 % of them without an answer. */
export function benchBursts(
  families: readonly Family[],
  wanted: string,
  each = EACH,
  deadlineMs = 2000,
): void {
  const all: number[] = [];
  for (const family of families) {
    const times: number[] = [];
    const verdicts: Record<string, number> = { linearizable: 0, race: 0, unknown: 0 };
    let seed = 1;
    for (const reads of READS) {
      for (const length of LENGTHS) {
        for (const lost of LOST) {
          for (let run = 0; run < each; run++) {
            const history = burst(
              family,
              { requests: 200, pending: 0.3, reads, length, lost: Math.max(0, lost), stale: lost < 0 },
              random(seed++),
            );
            const options = { now, deadlineMs, witness: false } as const;
            times.push(timed(() => verdicts[check(family.model, history, options).verdict]!++));
          }
        }
      }
    }
    all.push(...times);
    const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
    report(
      `${family.name}: ${counts.join(", ")}`,
      `p95 ${ms(quantile(times, 0.95))}`,
      `p50 ${ms(median(times))}, p99 ${ms(quantile(times, 0.99))}, max ${ms(Math.max(...times))}`,
    );
  }
  report(`all ${all.length} bursts`, `p95 ${ms(quantile(all, 0.95))}`, wanted);
}

const base = (index: number) => ({
  id: `o${index}`,
  process: index,
  invoke: 0,
  return: 10,
  outcome: "ok" as const,
});

function withRead<I>(
  count: number,
  input: (index: number) => I,
  read: I,
  output: number,
): History<I, number | undefined> {
  const calls = Array.from({ length: count }, (_, index) => ({ ...base(index), input: input(index) }));
  return [...calls, { ...base(count), invoke: 11, return: 12, input: read, output }];
}

/** Where requests are all different, or one is missing. */
export function benchDistinct(): void {
  const one = withRead<Parameters<ReturnType<typeof counter>["step"]>[1]>(
    200,
    () => ({ type: "add", amount: 1 }),
    { type: "read" },
    199,
  );
  const times = Array.from({ length: 15 }, () => timed(() => check(counter(), one, { now, witness: false })));
  report("200 increments, one lost: verdict", `${ms(median(times))}`, "≤ 10 ms");
  const witnessed = Array.from({ length: 5 }, () => timed(() => check(counter(), one, { now })));
  report("200 increments, one lost: verdict and witness", ms(median(witnessed)), "≤ 10 ms");

  const verdict = (run: () => { verdict: string }) => {
    let found = "";
    const time = timed(() => {
      found = run().verdict;
    });
    return `${found} ${ms(time)}`;
  };
  const limits = { now, deadlineMs: 10_000, witness: false } as const;
  for (const count of [20, 200, 2000]) {
    const writes = (last: number) =>
      withRead<Parameters<ReturnType<typeof register>["step"]>[1]>(
        count,
        (value) => ({ type: "write", value }),
        { type: "read" },
        last,
      ) as History<never, never>;
    report(
      `${count} distinct blind writes, last one read`,
      verdict(() => check(register(), writes(3), limits)),
    );
    report(
      `${count} distinct blind writes, unwritten value read`,
      verdict(() => check(register(), writes(-1), limits)),
    );
  }
  for (const count of [20, 200, 2000]) {
    const adds = (missing: number) =>
      withRead<Parameters<ReturnType<typeof counter>["step"]>[1]>(
        count,
        (index) => ({ type: "add", amount: index + 1 }),
        { type: "read" },
        (count * (count + 1)) / 2 - missing,
      );
    report(
      `${count} distinct increments, all read`,
      verdict(() => check(counter(), adds(0), limits)),
    );
    report(
      `${count} distinct increments, one lost`,
      verdict(() => check(counter(), adds(7), limits)),
    );
  }
  const { shortcut: _, ...plain } = register();
  for (const count of [10, 14, 18]) {
    const twice = withRead<Parameters<ReturnType<typeof register>["step"]>[1]>(
      count,
      (value) => ({ type: "write", value }),
      { type: "read" },
      -1,
    );
    report(
      `${count} distinct writes by search alone, unwritten value`,
      verdict(() => check(plain, twice as never, limits)),
    );
  }
}

/** How late a check that has to stop returns. */
export function benchDeadlines(): void {
  const { shortcut: _, ...plain } = register();
  const hard = withRead<Parameters<ReturnType<typeof register>["step"]>[1]>(
    60,
    (value) => ({ type: "write", value }),
    { type: "read" },
    -1,
  );
  const late = [10, 50, 200, 1000].map((deadlineMs) => {
    let found = "";
    const time = timed(() => {
      found = check(plain, hard as never, { now, deadlineMs, maxConfigs: Number.POSITIVE_INFINITY }).verdict;
    });
    if (found !== "unknown") throw new Error(`a check that cannot end in time gave ${found}`);
    return time - deadlineMs;
  });
  report("return after the deadline, worst of four", ms(Math.max(...late)), "≤ 50 ms");
  const { configs } = check(plain, hard as never, { maxConfigs: 123_457 }).stats;
  report("configurations visited under a limit of 123457", `${configs}`, "123457");
}

/** 100,000 operations in 1,000 partitions, in a process of its own. */
export function benchMemory(): void {
  const script = fileURLToPath(import.meta.url);
  const output = execFileSync(process.execPath, ["--import", "tsx", "-C", "source", script, "memory"], {
    encoding: "utf8",
  });
  const { time, peak, verdict } = JSON.parse(output) as { time: number; peak: number; verdict: string };
  report(`100,000 operations, 1,000 partitions (${verdict})`, ms(time));
  report("peak memory of that process", `${peak.toFixed(0)} MB`, "< 300 MB");
}

function checkLargeHistory(): void {
  const next = random(5);
  const history = Array.from({ length: 100_000 }, (_, index) => ({
    id: `o${index}`,
    process: index % 50,
    invoke: index,
    return: index + 40_000 * next(),
    input: { type: (["add", "remove", "has"] as const)[Math.floor(next() * 3)]!, value: index % 1000 },
    outcome: "ok" as const,
  }));
  const answered = history.map((each) =>
    each.input.type === "has" ? { ...each, input: { ...each.input, type: "add" as const } } : each,
  );
  let verdict = "";
  const time = timed(() => {
    verdict = check(set(), answered, { now, witness: false }).verdict;
  });
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ time, peak, verdict }));
}

if (process.argv[2] === "memory" && process.argv[1] === fileURLToPath(import.meta.url)) checkLargeHistory();
