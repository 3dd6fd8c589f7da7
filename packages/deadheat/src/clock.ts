/** Time as it is handed to everything that needs it; nothing else reads a clock. */
export interface Clock {
  /** Monotonic, milliseconds with fractions. */
  now(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
