import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Report, Request } from "./protocol.ts";
import { type Provision, provision } from "./provision.ts";

/**
 * The process that answers for one throw-away server. It holds the reading end of a pipe from its
 * owner: however the owner ends, the pipe ends too, and with it the server and its directory.
 * It runs in a session of its own, so that a Ctrl-C or a kill of the owner's process group does not
 * take down the very process that cleans up.
 */
export async function supervise(): Promise<number> {
  const over = new AbortController();
  // Listened for from the start: what comes while a server is being made must not be missed.
  const asked = once(over.signal, "abort");
  const stop = () => over.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // The owner may be gone while we speak.
  process.stdout.on("error", stop);
  process.stderr.on("error", stop);

  const input = createInterface({ input: process.stdin });
  input.once("close", stop);
  const first = await Promise.race([once(input, "line"), asked]);
  if (over.signal.aborted) return 0;
  input.once("line", stop);

  const request = JSON.parse(first[0] as string) as Request;
  let server: Provision | undefined;
  try {
    server = await provision(request, { signal: over.signal, log: (line) => report({ type: "log", line }) });
    report({ type: "ready", ...server.facts });
    const ended = await Promise.race([server.gone, asked]);
    if (!over.signal.aborted)
      report({ type: "failed", code: "start-failed", message: `the server ended: ${ended}` });
    return over.signal.aborted ? 0 : 1;
  } catch (error) {
    const { code = "start-failed", message } = error as Error & { code?: string };
    report({ type: "failed", code, message });
    return 1;
  } finally {
    await server?.remove();
  }
}

function report(value: Report): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
