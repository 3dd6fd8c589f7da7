import { randomBytes, randomUUID } from "node:crypto";
import type { Lab, LabOptions } from "../../labs/node/src/index.ts";
import { startLab } from "../../labs/node/src/index.ts";
import { systemClock } from "../../packages/deadheat/src/cli/clock.ts";
import { type DatabaseInView, viewDatabase } from "../../packages/deadheat/src/engine/database.ts";
import type { ScanEvent } from "../../packages/deadheat/src/engine/events.ts";
import type { ScanOptions } from "../../packages/deadheat/src/engine/options.ts";
import { scan } from "../../packages/deadheat/src/engine/scan.ts";

/** The same server, reached through a proxy on this port. */
export function through(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

/** A lab whose database is in view. */
export async function viewedLab(
  databaseUrl: string,
  options: LabOptions = {},
): Promise<{ lab: Lab; database: DatabaseInView; stop(): Promise<void> }> {
  const database = await viewDatabase({ url: databaseUrl, clock: systemClock });
  const lab = await startLab({ ...options, databaseUrl: through(databaseUrl, database.port) });
  return {
    lab,
    database,
    async stop() {
      await lab.stop();
      await database.close();
    },
  };
}

/** Every event of a scan of the lab; schedules only where its database is in view, unless `options` says otherwise. */
export async function scanned(
  lab: Pick<Lab, "document" | "url">,
  database: DatabaseInView | undefined,
  options: Partial<ScanOptions>,
): Promise<ScanEvent[]> {
  const events: ScanEvent[] = [];
  const all: ScanOptions = {
    document: lab.document,
    target: lab.url,
    authorization: { allow: [] },
    optIn: [],
    seed: "interleave",
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    clock: systemClock,
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    requestLimit: 50_000,
    trials: 1,
    timeLimitMs: 60_000,
    ...(database ? { database, schedulesOnly: true } : {}),
    ...options,
  };
  for await (const event of scan(all)) events.push(event);
  return events;
}
