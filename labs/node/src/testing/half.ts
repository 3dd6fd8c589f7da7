import type { AddressInfo } from "node:net";
import { buildApp } from "../app.ts";
import type { Database } from "../database/pool.ts";
import { type Half, type HalfOptions, openHalf } from "../half.ts";
import type { Layers } from "../layers.ts";

type Wanted = Pick<HalfOptions, "url" | "schema" | "think">;

/** One half alone, of whatever layers, on a server that is there already: as many as a test likes, at once. */
export async function serveLayers(
  wanted: Wanted,
  layers: (half: Half) => Promise<Layers>,
): Promise<{ url: string; stop(): Promise<void> }> {
  let database: Database | undefined;
  const options = { ...wanted, prefix: "dht", connections: 10, latency: 0 };
  const half = await openHalf(options, (opened) => {
    database = opened;
  });
  const app = buildApp({ racy: [], guarded: await layers(half) }, [], () => {});
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/guarded`,
    async stop() {
      await app.close();
      await database?.close(1_000);
    },
  };
}
