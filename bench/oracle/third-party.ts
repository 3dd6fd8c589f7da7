import { check, modelNamed, readFormat } from "../../packages/oracle/src/index.ts";
import { historyText, thirdPartyHistories } from "../../packages/oracle/src/testing/histories.ts";
import { median, ms, report, timed } from "./machine.ts";
import { runPeer } from "./peer.ts";

const ROUNDS = 9;

/** Verdicts and times on the third-party histories, beside Porcupine's in the same run. */
export function benchThirdParty(peer: string | undefined): void {
  const histories = thirdPartyHistories();
  if (histories === undefined) {
    console.log("third-party histories not on this machine: set DEADHEAT_HISTORIES");
    return;
  }
  const now = () => performance.now();
  const cases = histories.map((each) => ({
    ...each,
    parsed: readFormat(historyText(each.file), each.format),
    times: [] as number[],
  }));
  let wrong = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { parsed, model, linearizable, times } of cases) {
      let verdict = "";
      times.push(timed(() => ({ verdict } = check(modelNamed(model), parsed, { now, witness: false }))));
      if (verdict !== (linearizable ? "linearizable" : "race")) wrong++;
    }
  }
  const etcd = cases.filter(({ format }) => format === "jepsen-etcd");
  const sum = (of: (each: (typeof cases)[number]) => number) =>
    etcd.reduce((total, each) => total + of(each), 0);
  const ours = sum(({ times }) => median(times));
  report("histories with a wrong verdict or none", `${wrong} of ${cases.length}`, "0");
  report("etcd logs, sum of medians", ms(ours));
  report("etcd logs, sum of first runs (cold)", ms(sum(({ times }) => times[0]!)));
  report("etcd logs, worst median", ms(Math.max(...etcd.map(({ times }) => median(times)))), "≤ 50 ms");
  report("etcd logs, worst single run", ms(Math.max(...etcd.flatMap(({ times }) => times))), "≤ 50 ms");
  const large = cases.find(({ file }) => file === "c50-ok.txt");
  if (large !== undefined) report("c50-ok, median", ms(median(large.times)));
  comparePeer(
    peer,
    etcd.map(({ file }) => file),
    ours,
    large === undefined ? undefined : median(large.times),
  );

  let slowest = 0;
  let minimal = true;
  for (const { parsed, model, linearizable } of cases) {
    if (linearizable) continue;
    slowest = Math.max(
      slowest,
      timed(() => {
        minimal &&= check(modelNamed(model), parsed, { now }).witness?.minimal === true;
      }),
    );
  }
  report("race with its witness, slowest history", ms(slowest), "≤ 2000 ms");
  report("every witness 1-minimal", minimal ? "yes" : "no", "yes");
}

function comparePeer(
  peer: string | undefined,
  etcd: readonly string[],
  ours: number,
  oursLarge: number | undefined,
): void {
  if (peer === undefined) {
    console.log("peer not run (--peer PATH to a built Porcupine checkout)");
    return;
  }
  const times = runPeer(peer);
  const missing = etcd.filter((file) => !times.has(file));
  if (missing.length > 0) throw new Error(`the peer has no benchmark of ${missing.join(", ")}`);
  const theirs = etcd.reduce((total, file) => total + times.get(file)!, 0);
  report("Porcupine, the same etcd logs, sum of medians", ms(theirs));
  report("ratio", (ours / theirs).toFixed(3), "≤ 0.2");
  const theirsLarge = times.get("c50-ok.txt");
  if (theirsLarge === undefined || oursLarge === undefined) return;
  report("Porcupine, c50-ok, median", ms(theirsLarge));
  report("ratio", (oursLarge / theirsLarge).toFixed(2), "≤ 2");
}
