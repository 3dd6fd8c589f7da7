import { relative } from "node:path";
import { LabError } from "./errors.ts";
import { parseOptions, USAGE, UsageError } from "./options.ts";
import { type LabFacts, type Serving, serve } from "./serve.ts";
import { stopRequest } from "./stop-request.ts";

/** `deadheat-lab-django`: runs until it is told to stop; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that went away (`| head`) is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let lab: Serving | undefined;
  let json = false;
  try {
    const options = parseOptions(args);
    if (options === "help") {
      process.stdout.write(USAGE);
      return 0;
    }
    json = options.json;
    const stop = stopRequest(options.ownerPipe);
    try {
      lab = await serve(options.switches, stop.signal, options.log ? tell : tellOfInstalling);
    } catch (error) {
      if (stop.signal.aborted) return await stop.code;
      throw error;
    }
    announce(lab.facts, json);
    const ended = await Promise.race([stop.code, lab.gone]);
    if (typeof ended === "number") return ended;
    process.stderr.write(`deadheat-lab-django: ${ended} ended unexpectedly\n`);
    return 1;
  } catch (error) {
    return complain(error as Error, json);
  } finally {
    await lab?.stop();
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function tellOfInstalling(line: string): void {
  if (line.startsWith("installing ")) tell(`deadheat-lab-django: ${line}`);
}

function announce(facts: LabFacts, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(facts)}\n`);
    return;
  }
  const { url, database, server, documents, certificate } = facts;
  const trust = certificate ? `NODE_EXTRA_CA_CERTS=${nearest(certificate)} ` : "";
  const scans = Object.values(documents).map(
    (file) => `  ${trust}npx deadheat scan ${nearest(file)} --target ${url}\n`,
  );
  process.stdout.write(
    `deadheat lab django · ${url} · ${server} · ${database}\n\n${scans.join("")}\n` +
      "Ctrl-C stops it and leaves nothing behind.\n",
  );
}

/** As a user standing here would type it. */
function nearest(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

/** The message only: a stack may hold what must not be shown. */
function complain(error: Error, json: boolean): number {
  const { message } = error;
  if (json && error instanceof LabError)
    process.stdout.write(`${JSON.stringify({ error: { code: error.code, message, hint: error.hint } })}\n`);
  process.stderr.write(`deadheat-lab-django: ${message}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${USAGE}`);
  else if (error instanceof LabError) process.stderr.write(`  ${error.hint}\n`);
  return error instanceof UsageError || error instanceof LabError ? 2 : 1;
}
