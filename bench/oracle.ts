/**
 * The oracle's times, beside what they have to be and beside Porcupine's.
 *
 *   node --import tsx -C source bench/oracle.ts [--peer PATH]
 *
 * PATH is a checkout of Porcupine with its test binary built in it.
 */
import { parseArgs } from "node:util";
import { distinctFamilies, families } from "./oracle/bursts.ts";
import { benchBursts, benchDeadlines, benchDistinct, benchMemory } from "./oracle/hard.ts";
import { machine } from "./oracle/machine.ts";
import { benchThirdParty } from "./oracle/third-party.ts";

const { values } = parseArgs({ options: { peer: { type: "string" } } });

console.log(`oracle\n${machine()}`);
console.log("\nthird-party histories");
benchThirdParty(values.peer);
console.log("\nbursts of 200 requests, 30 % without an answer, at most three distinct changes");
benchBursts(families, "≤ 200 ms");
console.log("\nthe same with all changes different");
benchBursts(distinctFamilies, "", 2, 1000);
console.log("\ndistinct requests");
benchDistinct();
console.log("\nlimits");
benchDeadlines();
benchMemory();
