import type { Clock } from "../../clock.ts";
import type { Interleaver } from "../../plan/interleaving.ts";
import { loadSqlAnalyser } from "../capture/sql.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";
import { captureStage } from "./capture-stage.ts";
import { keptWhere } from "./kept.ts";
import { planSchedules } from "./plan.ts";
import { recording } from "./recording.ts";
import { ScheduleStage } from "./schedule-stage.ts";
import { type Catalogue, SideConnection, type TableLinks } from "./side.ts";

/** Nothing is held longer than this, ms. */
export const HOLD_LIMIT_MS = 2000;
const READ_COMMITTED = /^read (un)?committed$/i;

/** Puts statements that go through a proxy into a chosen order. */
export interface OpenInterleaver extends Interleaver {
  close(): Promise<void>;
}

/** Opens the side connection and loads the parser. Throws DeadheatError. */
export async function openInterleaver(
  proxy: DatabaseProxy,
  clock: Clock,
  holdLimitMs = HOLD_LIMIT_MS,
): Promise<OpenInterleaver> {
  const side = await SideConnection.open(proxy.upstream);
  const analyser = await loadSqlAnalyser();
  let otherIsolation = false;
  const catalogues = new Map<string, Promise<SideConnection>>();
  const catalogue = async (): Promise<Catalogue> => {
    const links: TableLinks[] = [];
    const functions: string[] = [];
    for (const name of proxy.databases) {
      const opened = await catalogueOf(name).catch(() => undefined);
      // A table that is not known may be anything.
      if (!opened) return { links, functions: "unknown" };
      const found = await opened.catalogue();
      links.push(...found.links);
      functions.push(...found.functions);
    }
    return { links, functions };
  };
  // The API may work in another database of the server than the one that --database names.
  const catalogueOf = (name: string) => {
    const known = catalogues.get(name) ?? SideConnection.open(proxy.upstream, name);
    catalogues.set(name, known);
    return known;
  };
  return {
    holdLimitMs,
    seen: () => proxy.opened > 0,
    capture: (alone) =>
      captureStage(proxy, analyser, alone, (level) => {
        if (!READ_COMMITTED.test(level)) otherIsolation = true;
      }),
    record: (work) => recording(proxy, analyser, work),
    schedule: (preemption, script) =>
      new ScheduleStage({ proxy, side, analyser, clock, holdLimitMs }, preemption, script),
    async plan(script, held) {
      const usual = READ_COMMITTED.test(await side.defaultIsolation());
      const readCommitted = usual && !otherIsolation && !proxy.isolationSet;
      return planSchedules(script, held, { ...(await catalogue()), readCommitted });
    },
    kept: async (script) => keptWhere(script, await catalogue()),
    async close() {
      await side.close();
      for (const opened of catalogues.values())
        await opened.then(
          (one) => one.close(),
          () => {},
        );
    },
  };
}
