import type { ScanEvent } from "../../engine/events.ts";
import { inert } from "../../inert.ts";

type RaceRef = Pick<Extract<ScanEvent, { type: "trial" }>, "weakness" | "operation">;

/** What the live line says of each race: while one waits to be confirmed, others go on. */
export class RacesUnderWay {
  readonly #lines = new Map<string, string>();
  readonly #label: string;

  /** `label` with its padding: what stands before each line. */
  constructor(label: string) {
    this.#label = label;
  }

  started(event: Extract<ScanEvent, { type: "race-started" }>): string {
    const line = `${this.#label}${event.index + 1}/${event.of} ${event.weakness} · ${inert(event.operation)}`;
    this.#lines.set(keyOf(event), line);
    return line;
  }

  lineOf(race: RaceRef): string {
    return this.#lines.get(keyOf(race)) ?? this.#label;
  }
}

function keyOf({ weakness, operation }: RaceRef): string {
  return `${weakness} ${operation}`;
}
