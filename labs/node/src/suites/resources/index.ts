import type { Guard } from "@deadheat/guard";
import type { Endpoint, Endpoints } from "../../endpoints.ts";
import type { Half } from "../../half.ts";
import { authenticate } from "../../racy/authenticate.ts";
import type { Suite, SuiteOptions } from "../suite.ts";
import type { Access } from "./resource.ts";
import { TABLES } from "./schema.ts";
import { RESOURCES } from "./things/index.ts";
import { nameKey } from "./ways/advisory-lock.ts";
import { WAYS, type WayName } from "./ways/index.ts";
import { unguarded } from "./ways/unguarded.ts";

/** What can go wrong with the things that a token is used for. */
export async function openResources({ right }: SuiteOptions): Promise<Suite> {
  return {
    async racy(half) {
      await half.database.query(TABLES);
      const access: Access = { ...checkedFirst(half), way: unguarded(half), atOnce: false };
      return endpoints(() => access);
    },
    async guarded(guard, half) {
      await half.database.query(TABLES);
      const chosen = new Map(
        Object.entries(RESOURCES).map(([name, { ways }]) => [name, wayOf(ways, right)] as const),
      );
      for (const [name, resource] of Object.entries(RESOURCES)) {
        if (chosen.get(name) === "constraint" && "constraint" in resource)
          await half.database.query(resource.constraint);
      }
      const made = new Map(Object.entries(WAYS).map(([name, way]) => [name, way(guard, half)]));
      return endpoints((name) => {
        const way = chosen.get(name)!;
        const atOnce = way === "constraint" || way === "conditional-update";
        return { ...inOneTransaction(guard, half), way: made.get(way)!, atOnce };
      });
    },
  };
}

/** The usual one of a resource where the one that is asked for makes no sense there. */
function wayOf(ways: readonly WayName[], right: WayName | undefined): WayName {
  return right !== undefined && ways.includes(right) ? right : ways[0]!;
}

function endpoints(accessOf: (name: string) => Access): Endpoints {
  const served = Object.entries(RESOURCES).map(([name, resource]): [string, Endpoint] => [
    name,
    (app) => resource.serve(app, accessOf(name)),
  ]);
  return { open: {}, bearer: Object.fromEntries(served) };
}

function checkedFirst(half: Half): Pick<Access, "plain" | "lockKey"> {
  const { database } = half;
  return {
    async plain(authorization, work) {
      const { subject } = await authenticate(half, authorization);
      return work({ subject, query: (text, values) => database.query(text, values) });
    },
    lockKey: (name) => nameKey(half, name),
  };
}

function inOneTransaction(guard: Guard, half: Half): Pick<Access, "plain" | "lockKey"> {
  return {
    plain: (authorization, work) =>
      guard.run(authorization, ({ tx, principal: { subject } }) =>
        work({ subject, query: (text, values) => tx.query(text, values) }),
      ),
    lockKey: (name) => nameKey(half, name),
  };
}
