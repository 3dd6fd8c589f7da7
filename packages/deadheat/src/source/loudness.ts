import { Runners } from "./by-hand.ts";
import type { Program } from "./effects/program.ts";
import { quiet, RANK, type Seen, severityOf } from "./seen.ts";

/**
 * What comes together only in a caller is said of the caller. The function that writes, where it may have to be
 * mended, is named quietly: it is the same gap. (Not where nothing that it knows could tell it.)
 */
export function withCallers<S extends Seen>(found: readonly S[]): S[] {
  return found.flatMap((one) => {
    const { candidate } = one;
    const [call] = candidate.at.trail;
    if (!call || !candidate.apart || candidate.site) return [one];
    const here = { ...one, candidate: { ...candidate, site: call } };
    if (candidate.own) return [here];
    return [here, { ...one, candidate: { ...candidate, severity: "low" } }];
  });
}

/** One lock on a row ends all that is wrong with it in a function: the most severe of several is told loudly. */
export function onceARow<S extends Seen>(found: readonly S[]): S[] {
  const loudest = new Map<string, S>();
  const keyOf = ({ candidate: { at, row, site } }: S) => {
    const { fn } = site ?? at.site;
    return row === undefined ? undefined : `${fn.module.path}:${fn.start}:${row}`;
  };
  for (const one of found) {
    const key = keyOf(one);
    const known = key === undefined ? undefined : loudest.get(key);
    if (key !== undefined && (!known || RANK[severityOf(one)] < RANK[severityOf(known)]))
      loudest.set(key, one);
  }
  return found.map((one) => {
    const key = keyOf(one);
    return key === undefined || loudest.get(key) === one || RANK[severityOf(one)] >= RANK.low
      ? one
      : quiet(one);
  });
}

/** Several rules at one write: the most severe says it; of equals, the first in the list of rules. */
export function onePerWrite<S extends Seen>(found: readonly S[]): S[] {
  const best = new Map<string, S>();
  for (const one of found) {
    const site = one.candidate.at.site;
    const where = one.candidate.site ?? site;
    const key = `${where.fn.module.path}:${where.fn.start}:${site.fn.module.path}:${site.start}`;
    const known = best.get(key);
    if (!known || RANK[severityOf(one)] < RANK[severityOf(known)]) best.set(key, one);
  }
  const said = new Map<string, S>();
  for (const one of best.values()) {
    const where = one.candidate.site ?? one.candidate.at.site;
    // One place for two writes is one thing to say.
    const about = one.candidate.about ?? `at ${where.start}`;
    const key = `${one.rule.id}:${where.fn.module.path}:${where.fn.start}:${about}`;
    const known = said.get(key);
    if (!known || RANK[severityOf(one)] < RANK[severityOf(known)]) said.set(key, one);
  }
  return [...said.values()];
}

/**
 * Many that test before the same write: one of them is told loudly (the one that writes, if it tests as well), where
 * that is mended the others are most often mended with it. All of them are named.
 */
export function onceLoud<S extends Seen>(found: readonly S[]): S[] {
  const loudest = new Map<string, S>();
  const keyOf = ({ rule, candidate: { at, site } }: S) =>
    // Whose transaction it is that an effect leaves before its end, is each caller's own matter.
    (site || at.trail.length === 0) && rule.id !== "effect-before-commit"
      ? `${rule.id}:${at.site.fn.module.path}:${at.site.start}`
      : undefined;
  for (const one of found) {
    const key = keyOf(one);
    const known = key === undefined ? undefined : loudest.get(key);
    if (key !== undefined && (!known || isNearer(one, known))) loudest.set(key, one);
  }
  return found.map((one) => {
    const key = keyOf(one);
    if (key === undefined || loudest.get(key) === one || one.candidate.at.trail.length === 0) return one;
    return quiet(one);
  });
}

function isNearer(one: Seen, other: Seen): boolean {
  const [a, b] = [RANK[severityOf(one)], RANK[severityOf(other)]];
  return a === b ? one.candidate.at.trail.length < other.candidate.at.trail.length : a < b;
}

/** A command that loops is a worker, and of those several run: these rules are about what two of them do. */
const OF_WORKERS = new Set([
  "check-then-act",
  "claim-unchecked",
  "read-modify-write",
  "python-counter",
  "next-free-value",
]);

/** What only a command or a migration does, nobody does twice at once. */
export function quietByHand<S extends Seen>(found: readonly S[], program: Program): S[] {
  const runners = new Runners(program);
  return found.map((one) => {
    if (RANK[severityOf(one)] >= RANK.low) return one;
    const runner = runners.of((one.candidate.site ?? one.candidate.at.site).fn);
    if (runner === "requests" || (runner === "worker" && OF_WORKERS.has(one.rule.id))) return one;
    return quiet(one);
  });
}
