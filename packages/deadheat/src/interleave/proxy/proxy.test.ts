import { once } from "node:events";
import { connect as connectTcp, createServer } from "node:net";
import pg from "pg";
import { expect, it } from "vitest";
import { DatabaseProxy } from "./proxy.ts";

it.each([
  ["mysql://x", "database-invalid"],
  ["postgres://127.0.0.1/x?sslmode=perhaps", "database-invalid"],
  ["postgres://192.0.2.1/x", "target-not-allowed"],
])("refuses %s", async (database, code) => {
  await expect(DatabaseProxy.open({ database })).rejects.toMatchObject({ code });
});

it("takes another machine's server where that exact one is allowed", async () => {
  const proxy = await DatabaseProxy.open({ database: "postgres://192.0.2.1/x", allow: ["192.0.2.1:5432"] });
  await proxy.close();
});

it("tells the address without the password", async () => {
  const proxy = await DatabaseProxy.open({ database: "postgres://me:secret@127.0.0.1:1/my%20db" });
  expect(proxy.address).toBe(`postgres://me@127.0.0.1:${proxy.port}/my%20db`);
  await proxy.close();
});

it("finds a socket as libpq does", async () => {
  const proxy = await DatabaseProxy.open({ database: "postgres:///app?host=/run/postgresql&port=5433" });
  expect(proxy.upstream).toMatchObject({ socketPath: "/run/postgresql/.s.PGSQL.5433", database: "app" });
  await proxy.close();
});

it("says so where the server is not there, to the client and to the user", async () => {
  const notices: string[] = [];
  const proxy = await DatabaseProxy.open({
    database: "postgres://me@127.0.0.1:1/x",
    onNotice: (text) => notices.push(text),
  });
  const client = new pg.Client({ host: "127.0.0.1", port: proxy.port, user: "me", database: "x" });
  await expect(client.connect()).rejects.toThrow(/deadheat cannot reach the database: ECONNREFUSED/);
  expect(notices).toHaveLength(1);
  await proxy.close();
});

it("answers a request for TLS with no, and says what to set where the client leaves", async () => {
  const notices: string[] = [];
  const proxy = await DatabaseProxy.open({
    database: "postgres://me@127.0.0.1:1/x",
    onNotice: (text) => notices.push(text),
  });
  const client = new pg.Client({ host: "127.0.0.1", port: proxy.port, user: "me", database: "x", ssl: true });
  await expect(client.connect()).rejects.toThrow(/SSL/);
  await expect.poll(() => notices).toEqual([expect.stringMatching(/set sslmode=disable/)]);
  await proxy.close();
});

it("answers requests for GSSAPI and for TLS with no, one after the other as libpq sends them", async () => {
  const proxy = await DatabaseProxy.open({ database: "postgres://me@127.0.0.1:1/x" });
  const client = connectTcp(proxy.port, "127.0.0.1");
  for (const code of [80877104, 80877103]) {
    const request = Buffer.alloc(8);
    request.writeInt32BE(8, 0);
    request.writeInt32BE(code, 4);
    client.write(request);
    expect(String((await once(client, "data"))[0])).toBe("N");
  }
  client.destroy();
  await proxy.close();
});

it("passes on what is not PostgreSQL at all, and ends with its client", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const proxy = await DatabaseProxy.open({ database: `postgres://me@127.0.0.1:${port}/x` });
  const client = connectTcp(proxy.port, "127.0.0.1");
  const startup = Buffer.from("0000001600030000757365720066000000", "hex");
  startup.writeInt32BE(startup.length, 0);
  client.write(startup);
  const [said] = (await once(client, "data")) as [Buffer];
  expect(said.toString()).toMatch(/^HTTP\/1.1 400/);
  client.destroy();
  await proxy.close();
  server.close();
});
