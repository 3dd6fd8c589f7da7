import type { Realisation, ScheduleCounts } from "../plan/interleaving.ts";

/** Further schedules are not waited for where so many in a row were not realised for the same reason. */
const HOPELESS = 3;

/** SQLSTATE (PostgreSQL documentation, Appendix A). */
export const DEADLOCK = "40P01";
const SERIALIZATION_FAILURE = "40001";
/** Its class. */
const CONSTRAINT = "23";

/** Counts schedules. One that was not realised supports nothing. */
export class ScheduleTally {
  planned = 0;
  skipped = 0;
  readonly uncovered = new Set<string>();
  /** What may race inside itself; part of `uncovered`. */
  readonly inside = new Set<string>();
  readonly elsewhere = new Set<string>();
  /** Decided elsewhere, unless a constraint of the database refuses one of the two. */
  readonly undecided = new Set<string>();
  /** Why the rest need not be tried. */
  hopeless: string | undefined;
  #deadlocks = 0;
  #serializationFailures = 0;
  #constraints = 0;
  #realised = 0;
  #unrealised = 0;
  #inARow: string[] = [];
  readonly #reasons = new Set<string>();

  note({ realisation, verdict }: { readonly realisation: Realisation; readonly verdict: string }): void {
    for (const { error } of realisation.steps) {
      if (error === DEADLOCK) this.#deadlocks++;
      if (error?.startsWith(CONSTRAINT)) this.#constraints++;
      if (error === SERIALIZATION_FAILURE) this.#serializationFailures++;
    }
    if (realisation.realised && verdict !== "not judged") {
      this.#realised++;
      this.#inARow = [];
      return;
    }
    const reason = realisation.reason ?? "";
    this.unrealised(reason);
    this.#inARow = this.#inARow[0] === reason ? [...this.#inARow, reason] : [reason];
    if (this.#inARow.length === HOPELESS) this.hopeless = reason;
  }

  unrealised(reason: string): void {
    this.#unrealised++;
    this.#reasons.add(reason);
  }

  #keptElsewhere(): string[] {
    return [...this.elsewhere, ...(this.#constraints > 0 ? [] : this.undecided)];
  }

  counts(): ScheduleCounts {
    return {
      planned: this.planned,
      realised: this.#realised,
      unrealised: this.#unrealised,
      skipped: this.skipped,
      uncovered: [...this.uncovered, ...this.#keptElsewhere()],
      unshown: [...this.inside, ...this.#keptElsewhere()],
      deadlocks: this.#deadlocks,
      serializationFailures: this.#serializationFailures,
      reasons: [...this.#reasons],
    };
  }
}
