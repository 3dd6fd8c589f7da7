import { DeadheatError } from "../errors.ts";

/** Aborts on Ctrl-C, SIGTERM and SIGHUP, with the error that says so. `dispose` hands the signals back. */
export function interruptible(): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort(new DeadheatError("interrupted", "interrupted", ""));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, stop);
    },
  };
}
