import type { Effect } from "../effects/effect.ts";
import type { FunctionDefinition } from "../project/definitions.ts";
import type { Candidate } from "../rules/rule.ts";
import type { Numbering } from "./numbering.ts";
import type { AtRecord, CandidateRecord, EffectRecord, FunctionNumber } from "./record.ts";

/** The function in whose analysis an effect is: where it happens, or the first call on the way there. */
function ownerOf(effect: Effect): FunctionDefinition {
  return effect.trail[0]?.fn ?? effect.site.fn;
}

function idOf(numbering: Numbering, effect: Effect): EffectRecord {
  return [numbering.numberOf(ownerOf(effect)), effect.seq];
}

export function recordOfEffect(numbering: Numbering, effect: Effect): AtRecord {
  return {
    id: idOf(numbering, effect),
    ...(effect.origin ? { origin: idOf(numbering, effect.origin) } : {}),
    hasRow: effect.row !== undefined,
    site: numbering.placeOf(effect.site),
    trail: effect.trail.map((one) => numbering.placeOf(one)),
  };
}

export function recordOfCandidate(numbering: Numbering, candidate: Candidate): CandidateRecord {
  const { at, site, path, ...words } = candidate;
  return {
    ...words,
    at: recordOfEffect(numbering, at),
    ...(site ? { site: numbering.placeOf(site) } : {}),
    path: path.map((step) => ({ ...step, site: numbering.placeOf(step.site) })),
  };
}

/** An effect, as far as it is asked for once all functions have been seen. */
type Remembered = { -readonly [K in "site" | "trail" | "origin" | "taken" | "row"]?: Effect[K] };

/** Effects of an earlier run, each of them one object however many candidates are about it. */
export class RememberedEffects {
  readonly #numbering: Numbering;
  readonly #known = new Map<number, Remembered>();

  constructor(numbering: Numbering) {
    this.#numbering = numbering;
  }

  candidate(record: CandidateRecord): Candidate {
    const { at, site, path, ...words } = record;
    return {
      ...words,
      at: this.effect(at),
      ...(site ? { site: this.#numbering.site(site) } : {}),
      path: path.map((step) => ({ ...step, site: this.#numbering.site(step.site) })),
    };
  }

  private effect(record: AtRecord): Effect {
    const found = this.byId(record.id);
    found.site = this.#numbering.site(record.site);
    found.trail = record.trail.map((one) => this.#numbering.site(one));
    if (record.origin) found.origin = this.byId(record.origin) as Effect;
    // Only that there is one is ever asked.
    if (record.hasRow) found.row = {} as NonNullable<Effect["row"]>;
    return found as Effect;
  }

  /** Of effects that no candidate is about, nobody asks. */
  take(fn: FunctionNumber, seq: number): void {
    const found = this.#known.get(keyOf(fn, seq));
    if (found) found.taken = true;
  }

  private byId([fn, seq]: EffectRecord): Remembered {
    const key = keyOf(fn, seq);
    const known = this.#known.get(key);
    if (known) return known;
    const made: Remembered = { taken: false, trail: [] };
    this.#known.set(key, made);
    return made;
  }
}

function keyOf(fn: FunctionNumber, seq: number): number {
  return fn * 0x100000 + seq;
}
