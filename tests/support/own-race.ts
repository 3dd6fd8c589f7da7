import { systemClock } from "../../packages/deadheat/src/cli/clock.ts";
import { parseRace } from "../../packages/deadheat/src/config/race/index.ts";
import { type RaceOptions, runRace } from "../../packages/deadheat/src/engine/race.ts";
import type { RaceReport } from "../../packages/deadheat/src/findings/race-report.ts";

/** A race file for `shelfTarget`: two takes of the last item. Each part can be replaced by name. */
export function shelfRace(parts: Readonly<Record<string, string>> = {}): string {
  const all: Record<string, string> = {
    principals: "\n  alice:\n    register: { request: POST /users, token: $.token }",
    setUp: "\n  - { as: alice, request: POST /items, json: { stock: 1 }, extract: { item: $.id } }",
    concurrent: `\n  - { as: alice, name: take, request: "POST /items/\${item}/take", count: 2 }`,
    observe: `\n  - { as: alice, request: "GET /items/\${item}", extract: { stock: $.stock, taken: $.taken } }`,
    invariant: " after.stock >= 0 and after.taken = $count(answers[ok])",
    cleanUp: `\n  - { as: alice, request: "DELETE /items/\${item}" }`,
    ...parts,
  };
  return Object.entries(all)
    .filter(([, text]) => text !== "")
    .map(([key, text]) => `${key}:${text}\n`)
    .join("");
}

/** A proof is read again after two seconds and more, which no test has to spend. */
const shortened = (ms: number) => (ms >= 2000 ? 60 : ms);

/** Runs a race file against a target, with short waits. */
export function ownRace(
  url: string,
  text: string,
  options: Partial<RaceOptions> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<RaceReport> {
  const scenario = parseRace("race.yaml", text, { folder: "/", env, principals: [], mail: false });
  let next = 0;
  return runRace({
    scenario,
    target: url,
    authorization: { allow: [] },
    seed: "own",
    nonce: "own",
    uuid: () => `00000000-0000-4000-8000-${String(next++).padStart(12, "0")}`,
    clock: {
      now: systemClock.now,
      sleep: (ms, signal) => systemClock.sleep(shortened(ms), signal),
    },
    signal: new AbortController().signal,
    timeoutMs: 5000,
    requestLimit: 5000,
    trials: 12,
    timeLimitMs: 30_000,
    ...options,
  });
}
