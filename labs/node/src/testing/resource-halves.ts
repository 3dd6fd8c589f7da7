import { guardedLayers, racyLayers } from "../layers.ts";
import { SUITES } from "../suites/index.ts";
import type { RESOURCES } from "../suites/resources/things/index.ts";
import { WAYS, type WayName } from "../suites/resources/ways/index.ts";
import { type ServedHalf, serveHalf } from "./half.ts";

export type ResourceName = keyof typeof RESOURCES;

export interface ResourceHalves {
  readonly racy: ServedHalf;
  /** The guarded one, in each of the ways in which it can be right. */
  readonly guarded: Readonly<Record<WayName, ServedHalf>>;
  stop(): Promise<void>;
}

/** The suite `resources` in all of its forms, on one database server. */
export async function serveResources(url: string): Promise<ResourceHalves> {
  const racy = serveHalf({ url, schema: "racy" }, async (half) =>
    racyLayers(half, [await SUITES.resources.load({})]),
  );
  const names = Object.keys(WAYS) as WayName[];
  const guarded = names.map((right) =>
    serveHalf({ url, schema: right.replace("-", "_") }, async (half) =>
      guardedLayers(half, undefined, [await SUITES.resources.load({ right })]),
    ),
  );
  const served = await Promise.all(guarded);
  const all = [await racy, ...served];
  return {
    racy: await racy,
    guarded: Object.fromEntries(names.map((name, index) => [name, served[index]])) as Record<
      WayName,
      ServedHalf
    >,
    async stop() {
      await Promise.all(all.map((half) => half.stop()));
    },
  };
}
