/**
 * Random small histories of every model and composition against the brute-force checker, also their
 * orders and witnesses.
 *
 *   node --import tsx -C source bench/oracle-fuzz.ts [--runs 1000000] [--seed N] [--subject NAME]
 *
 * Prints the seed of each subject; ends with exit code 1 at the first disagreement, with the history.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { disagreement } from "../packages/oracle/src/testing/agreement.ts";
import { historyOf } from "../packages/oracle/src/testing/arbitrary.ts";
import { subjects } from "../packages/oracle/src/testing/subjects.ts";
import { machine } from "./oracle/machine.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 0x7fffffff) },
    subject: { type: "string" },
  },
});
const chosen = subjects.filter(({ name }) => values.subject === undefined || name === values.subject);
const each = Math.ceil(Number(values.runs) / chosen.length);
const firstSeed = Number(values.seed);

console.log(`oracle-fuzz\n${machine()}\n`);
let total = 0;
let races = 0;
for (const [index, subject] of chosen.entries()) {
  const seed = firstSeed + index;
  const start = performance.now();
  let subjectRaces = 0;
  const outcome = fc.check(
    fc.property(historyOf(subject, { longest: 7 }), (history) => {
      const found = disagreement(subject, history);
      if (found.wrong !== undefined) throw new Error(found.wrong);
      if (found.verdict === "race") subjectRaces++;
    }),
    { numRuns: each, seed },
  );
  if (outcome.failed) {
    console.error(`${subject.name}: seed ${seed}: ${String(outcome.errorInstance)}`);
    console.error(JSON.stringify(outcome.counterexample?.[0], null, 1));
    process.exit(1);
  }
  total += outcome.numRuns;
  races += subjectRaces;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${subject.name.padEnd(22)} seed ${seed}  ${outcome.numRuns} histories, ${subjectRaces} races, 0 disagreements, ${seconds} s`,
  );
}
console.log(`${total} histories, ${races} races, 0 disagreements`);
