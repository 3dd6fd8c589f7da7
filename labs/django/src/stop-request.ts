export interface StopRequest {
  /** Aborted as soon as anybody asks for the end. */
  readonly signal: AbortSignal;
  /** The exit code that goes with what asked for it. */
  readonly code: Promise<number>;
}

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The ways in which the lab is told to stop: a signal, or the end of its owner. */
export function stopRequest(ownerPipe: boolean): StopRequest {
  const controller = new AbortController();
  const code = new Promise<number>((resolve) => {
    const stop = (exitCode: number) => {
      // A Ctrl-C often arrives twice, from the terminal and from the owner. The first one counts.
      resolve(exitCode);
      controller.abort();
    };
    for (const [signal, exitCode] of Object.entries(SIGNALS)) process.on(signal, () => stop(exitCode));
    if (ownerPipe) {
      const ended = () => stop(0);
      process.stdin.on("end", ended).on("close", ended).on("error", ended).resume();
    }
  });
  return { signal: controller.signal, code };
}
