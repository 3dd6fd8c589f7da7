import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lab, startLab } from "./index.ts";
import { type CliOptions, parseOptions, USAGE, UsageError } from "./options.ts";
import { stopRequest } from "./stop-request.ts";

/** `deadheat-lab`: runs until it is told to stop; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that went away (`| head`) is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let lab: Lab | undefined;
  try {
    const options = parseOptions(args);
    if (options === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    const stop = stopRequest(options.ownerPipe);
    try {
      lab = await startLab({ ...options.lab, signal: stop.signal, onFault: fault });
    } catch (error) {
      if (stop.signal.aborted) return await stop.code;
      throw error;
    }
    announce(lab, options);
    const ended = await Promise.race([stop.code, lab.closed]);
    if (ended === undefined) {
      process.stderr.write("deadheat-lab: the database server ended unexpectedly\n");
      return 1;
    }
    return ended;
  } catch (error) {
    return complain(error as Error & { hint?: string });
  } finally {
    await lab?.stop();
    await sleep(0);
  }
}

function announce(lab: Lab, { json, lab: { broken } }: CliOptions): void {
  const { url, document, suiteDocuments, database, source } = lab;
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, document, suiteDocuments, database })}\n`);
    return;
  }
  const scans = [document, ...suiteDocuments].map(
    (file) => `  npx deadheat scan ${nearest(file)} --target ${url}\n`,
  );
  process.stdout.write(
    `deadheat lab · ${url} · ${database} (${source})${broken ? ` · guarded half broken: ${broken}` : ""}\n\n` +
      `${scans.join("")}\nCtrl-C stops it and leaves nothing behind.\n`,
  );
}

/** As a user standing here would type it. */
function nearest(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

/** The message only: a stack or a statement's parameters may hold what must not be shown. */
function fault(error: Error): void {
  process.stderr.write(`deadheat-lab: a request failed inside: ${error.message}\n`);
}

function complain(error: Error & { hint?: string }): number {
  process.stderr.write(`deadheat-lab: ${error.message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${USAGE}`);
  else if (error.hint !== undefined) process.stderr.write(`  ${error.hint}\n`);
  return error.hint !== undefined || error instanceof UsageError ? 2 : 1;
}
