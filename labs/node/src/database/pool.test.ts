import { afterAll, describe, expect, it } from "vitest";
import { startLab } from "../index.ts";
import { OWN_SERVER, postgresForTests } from "../testing/postgres.ts";

const server = await postgresForTests(OWN_SERVER);
afterAll(() => server?.stop());

describe.skipIf(!server)("openDatabase", () => {
  it("that gets only some of its connections gives them back and says so", async () => {
    const lab = startLab({ databaseUrl: server!.url, connections: 120 });
    await expect(lab).rejects.toMatchObject({ code: "too-many-connections" });
    // All of them are free again, and the database is gone: the same works with fewer.
    const smaller = await startLab({ databaseUrl: server!.url, connections: 30 });
    await smaller.stop();
  });
});
