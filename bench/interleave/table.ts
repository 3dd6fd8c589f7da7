import type { OnlyRace } from "../../packages/deadheat/src/engine/options.ts";
import type { RaceOutcome } from "../../packages/deadheat/src/findings/finding.ts";
import type { Report } from "../../packages/deadheat/src/findings/report.ts";
import { median } from "../oracle/machine.ts";

interface Row {
  readonly race: OnlyRace;
  scans: number;
  /** By schedules: times to the proof, ms; how many were tried. */
  readonly found: { readonly ms: number; readonly tried: number }[];
  /** Rounds in which no schedule showed it, by what became of the schedules. */
  readonly clean: string[];
  burstScans: number;
  /** By bursts: trials to the proof. */
  readonly bursts: number[];
}

/** What schedules and bursts found at each operation, over many scans. */
export class Table {
  readonly #rows = new Map<string, Row>();

  note({ outcomes, findings }: Report, inView: boolean): void {
    for (const outcome of outcomes) {
      const { weakness, operation, status, trials } = outcome;
      if (status === "not-applicable") continue;
      const row = this.#row({ weakness, operation });
      if (!inView) {
        row.burstScans++;
        if (status === "proven") row.bursts.push(trials);
        continue;
      }
      row.scans++;
      const finding = findings.find(
        (one) =>
          one.weakness === weakness &&
          one.operation.path === operation.path &&
          one.operation.method === operation.method,
      );
      const evidence = finding?.evidence.find((one) => one.kind === "interleaving");
      if (evidence?.kind === "interleaving") row.found.push({ ms: evidence.afterMs, tried: evidence.found });
      else row.clean.push(becameOf(outcome));
    }
  }

  #row(race: OnlyRace): Row {
    const { weakness, operation } = race;
    const name = `${weakness} ${operation.method} ${operation.path}`;
    const row = this.#rows.get(name) ?? { race, scans: 0, found: [], clean: [], burstScans: 0, bursts: [] };
    this.#rows.set(name, row);
    return row;
  }

  /** Of a racy half, all but those that every schedule and burst found clean; of any other, those that schedules were tried on. */
  worthRepeating(isRacy: boolean): OnlyRace[] {
    const rows = [...this.#rows.values()].filter(({ found, clean, bursts }) => {
      const tried = clean.some((one) => one.includes(" realised"));
      if (!isRacy) return tried || found.length > 0;
      return !tried || found.length > 0 || bursts.length > 0 || clean.some((one) => one.includes("proven"));
    });
    return rows.map(({ race }) => race);
  }

  text(): string {
    return [...this.#rows].map(([name, row]) => line(name, row)).join("\n");
  }
}

/** One race, as it is judged. */
export function outcomeLine(outcome: RaceOutcome): string {
  const { weakness, operation, status, trials } = outcome;
  const became = status === "proven" ? `with trial ${trials}` : becameOf(outcome);
  return `${weakness} ${operation.method} ${operation.path}: ${status}, ${became}`;
}

/** What became of its schedules; where they are not all realised and clean, why. */
function becameOf({ status, schedules, reason }: RaceOutcome): string {
  if (!schedules) return reason === undefined ? status : `${status}: ${reason}`;
  const { realised, planned, unshown, reasons, uncovered } = schedules;
  const counts = `${realised} of ${planned} realised`;
  if (status === "proven") return `${counts}, proven by a burst`;
  const why = [...reasons, ...(planned === 0 ? uncovered : unshown)];
  if (why.length > 0) return `${counts} (${why.join("; ")})`;
  return status === "not-observed" ? counts : `${counts}, ${status}: ${reason}`;
}

function line(name: string, { scans, found, clean, burstScans, bursts }: Row): string {
  const times = found.map((one) => one.ms);
  const parts = [`schedules ${found.length}/${scans}`];
  if (found.length > 0) {
    const tried = Math.max(...found.map((one) => one.tried));
    parts.push(
      `median ${(median(times) / 1000).toFixed(2)} s, longest ${(Math.max(...times) / 1000).toFixed(2)} s`,
    );
    parts.push(`at most ${tried} tried`);
  }
  const kinds = [...new Set(clean)].map((one) => `${clean.filter((other) => other === one).length} × ${one}`);
  if (kinds.length > 0) parts.push(kinds.join("; "));
  if (burstScans > 0)
    parts.push(
      `bursts ${bursts.length}/${burstScans}${bursts.length > 0 ? `, median trial ${median(bursts)}, latest ${Math.max(...bursts)}` : ""}`,
    );
  return `${name.padEnd(58)} ${parts.join(" · ")}`;
}
