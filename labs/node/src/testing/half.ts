import type { AddressInfo } from "node:net";
import { buildApp } from "../app.ts";
import type { Database } from "../database/pool.ts";
import { type Half, openHalf } from "../half.ts";
import type { Layers } from "../layers.ts";
import { type Client, client } from "./client.ts";
import { createGate, type Gate } from "./gate.ts";

export interface ServedHalf extends Client {
  /** Open, until a test has it hold somebody. */
  readonly gate: Gate;
  stop(): Promise<void>;
}

/** So many calls can be in the middle of a transaction at once. */
const CONNECTIONS = 10;

/** One half alone, of whatever layers, on a server that is there already: as many as a test likes, at once. */
export async function serveHalf(
  where: { readonly url: string; readonly schema: string },
  layers: (half: Half) => Promise<Layers>,
): Promise<ServedHalf> {
  let database: Database | undefined;
  const options = { ...where, prefix: "dht", connections: CONNECTIONS, latency: 0, think: 0 };
  const half = await openHalf(options, (opened) => {
    database = opened;
  });
  const gate = createGate();
  const app = buildApp({ racy: [], guarded: await layers({ ...half, think: gate.think }) }, [], () => {});
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    ...client(`http://127.0.0.1:${port}/guarded`),
    gate,
    async stop() {
      gate.open();
      await app.close();
      await database?.close(1_000);
    },
  };
}
