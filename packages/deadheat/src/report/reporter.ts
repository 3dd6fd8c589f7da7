import type { ScanEvent } from "../engine/events.ts";

/** A consumer of the event stream. One file, one format. */
export interface Reporter {
  on(event: ScanEvent): void;
  /** Clears what is only shown while running; called however the scan ends. */
  close?(): void;
}

/** Where a reporter writes. */
export interface Output {
  write(text: string): void;
  /** A person watches: lines may be rewritten. */
  readonly live: boolean;
  readonly color: boolean;
  /** Characters a line; absent where nobody knows. */
  width?(): number | undefined;
}
