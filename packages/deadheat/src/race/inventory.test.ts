import { expect, it } from "vitest";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { type Creation, Inventory } from "./inventory.ts";

const removalOf = (path: string): HttpRequest => ({ method: "DELETE", path, headers: {} });

function inventoryOf(made: readonly (Pick<Creation, "by" | "principal"> & { readonly path: string })[]) {
  const inventory = new Inventory();
  for (const { path, ...creation } of made) inventory.add({ ...creation, removals: () => [removalOf(path)] });
  return inventory;
}

/** An API that takes its time; notes which requests were under way together. */
function api(statusOf: (path: string, under: number) => number = () => 204) {
  let under = 0;
  const steps: string[] = [];
  return {
    steps,
    async send(request: HttpRequest): Promise<Exchange> {
      under++;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const status = statusOf(request.path, under);
      steps.push(`${request.path} of ${under}${status === 204 ? "" : `: ${status}`}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      under--;
      return { request, invoke: 0, return: 1, status, headers: {}, body: undefined };
    },
  };
}

it("takes one kind away after the other, the kind that came last first, principals last", async () => {
  const inventory = inventoryOf([
    { by: "POST /users", path: "/users/1", principal: true },
    { by: "POST /things", path: "/things/1" },
    { by: "POST /things/{id}/parts", path: "/things/1/parts/1" },
    { by: "POST /users", path: "/users/2", principal: true },
    { by: "POST /admins", path: "/admins/1", principal: true },
    { by: "POST /things", path: "/things/2" },
    { by: "POST /things/{id}/parts", path: "/things/2/parts/2" },
  ]);
  const { send, steps } = api();
  await inventory.clear(send);
  expect(steps).toEqual([
    "/things/2/parts/2 of 2",
    "/things/1/parts/1 of 2",
    "/things/2 of 2",
    "/things/1 of 2",
    "/admins/1 of 1",
    "/users/2 of 2",
    "/users/1 of 2",
  ]);
  expect(inventory.cleanup).toEqual({ removed: 7, left: [] });
});

it("tries what was refused once more, alone and the youngest first: a folder that is not empty yet", async () => {
  const paths = ["/folders/a", "/folders/b", "/folders/c"];
  const inventory = inventoryOf(paths.map((path) => ({ by: "POST /folders", path })));
  const there = new Set(paths);
  const { send, steps } = api((path) => {
    // Each lies in the one before it; one at a time they can be removed from the innermost on.
    const inner = paths[paths.indexOf(path) + 1];
    if (inner !== undefined && there.has(inner)) return 409;
    setTimeout(() => there.delete(path), 2);
    return 204;
  });
  await inventory.clear(send);
  expect(steps).toEqual([
    "/folders/c of 3",
    "/folders/b of 3: 409",
    "/folders/a of 3: 409",
    "/folders/b of 1",
    "/folders/a of 1",
  ]);
  expect(inventory.cleanup).toEqual({ removed: 3, left: [] });
});

it("does not ask twice where the answer is final, and says what it was", async () => {
  const inventory = inventoryOf([
    { by: "POST /a", path: "/a/1" },
    { by: "POST /a", path: "/a/2" },
    { by: "POST /b", path: "/b/1" },
  ]);
  const { send, steps } = api((path) => (path.startsWith("/a") ? 403 : 500));
  await inventory.clear(send);
  expect(steps).toEqual(["/b/1 of 1: 500", "/a/2 of 2: 403", "/a/1 of 2: 403", "/b/1 of 1: 500"]);
  expect(inventory.cleanup).toEqual({
    removed: 0,
    left: [
      { by: "POST /a", count: 2, reason: "DELETE answered 403" },
      { by: "POST /b", count: 1, reason: "DELETE answered 500" },
    ],
  });
});

it("takes away once what is known in two ways", async () => {
  const inventory = inventoryOf([
    { by: "POST /a", path: "/a/1" },
    { by: "POST /a", path: "/a/1" },
  ]);
  const { send, steps } = api();
  await inventory.clear(send);
  expect(steps).toEqual(["/a/1 of 1"]);
  expect(inventory.cleanup).toEqual({ removed: 1, left: [] });
});
