import { expect, it } from "vitest";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { Inventory } from "./inventory.ts";

const removalOf = (path: string): HttpRequest => ({ method: "DELETE", path, headers: {} });

it("takes principals away side by side, and what was made under one before it", async () => {
  const inventory = new Inventory();
  const made: [string, boolean][] = [
    ["/a", true],
    ["/b", true],
    ["/b/things/1", false],
    ["/b/things/1/parts/2", false],
    ["/c", true],
    ["/d", true],
  ];
  for (const [path, principal] of made)
    inventory.add({
      by: "POST",
      removals: () => [removalOf(path)],
      ...(principal ? { principal: true as const } : {}),
    });
  let under = 0;
  const steps: string[] = [];
  await inventory.clear(async (request): Promise<Exchange> => {
    under++;
    await new Promise((resolve) => setTimeout(resolve, 5));
    steps.push(`${request.path} of ${under}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    under--;
    return { request, invoke: 0, return: 1, status: 204, headers: {}, body: undefined };
  });
  expect(steps).toEqual([
    "/d of 2",
    "/c of 2",
    "/b/things/1/parts/2 of 1",
    "/b/things/1 of 1",
    "/b of 2",
    "/a of 2",
  ]);
  expect(inventory.cleanup).toEqual({ removed: 6, left: [] });
});
