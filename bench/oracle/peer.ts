import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { median } from "./machine.ts";

/** Our names of Porcupine's key-value benchmarks; its etcd benchmarks carry the number of the log. */
const KV_FILES: Readonly<Record<string, string>> = {
  Kv1ClientOk: "c01-ok.txt",
  Kv10ClientsBad: "c10-bad.txt",
  Kv50ClientsOk: "c50-ok.txt",
};

/**
 * Porcupine's own benchmarks, run by its compiled test binary (`go test -c -o porcupine.test .` in the
 * checkout): median ms per history file, over five counts of three runs.
 */
export function runPeer(checkout: string): ReadonlyMap<string, number> {
  const binary = join(resolve(checkout), "porcupine.test");
  if (!existsSync(binary))
    throw new Error(`no ${binary}: run "go test -c -o porcupine.test ." in the checkout`);
  const output = execFileSync(
    binary,
    [
      "-test.run",
      "^$",
      "-test.bench",
      "EtcdJepsen|BenchmarkKv[0-9]+Client",
      "-test.benchtime",
      "3x",
      "-test.count",
      "5",
    ],
    { cwd: resolve(checkout), encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const samples = new Map<string, number[]>();
  for (const [, name = "", nanoseconds] of output.matchAll(
    /^Benchmark(\w+?)(?:-\d+)?\s+\d+\s+(\d+) ns\/op/gm,
  )) {
    const number = /^EtcdJepsen(\d+)$/.exec(name)?.[1];
    const file = number === undefined ? KV_FILES[name] : `etcd_${number}.log`;
    if (file === undefined) continue;
    samples.set(file, [...(samples.get(file) ?? []), Number(nanoseconds) / 1e6]);
  }
  return new Map([...samples].map(([file, times]) => [file, median(times)]));
}
