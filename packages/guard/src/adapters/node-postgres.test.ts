import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import pg from "pg";
import { expect, it } from "vitest";
import { nodePostgres } from "./node-postgres.ts";

function message(type: string, ...body: (string | number)[]): Buffer {
  const content = Buffer.concat(
    body.map((part) => {
      if (typeof part === "string") return Buffer.from(`${part}\0`);
      const number = Buffer.alloc(4);
      number.writeInt32BE(part);
      return number;
    }),
  );
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const LET_IN = message("R", 0);
const READY = Buffer.concat([Buffer.from("Z"), Buffer.from([0, 0, 0, 5]), Buffer.from("I")]);
const ENDED = message("E", "SFATAL", "C57P01", "Mterminating connection due to administrator command", "");

// What a server says that ends a connection as soon as it is there: `pg_terminate_backend` by chance, a restart. Both
// are read at once, before anybody who waits for the connection has it.
it("outlives a connection that is ended as it begins", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.end(Buffer.concat([LET_IN, READY, ENDED])));
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const own = new pg.Pool({ host: "127.0.0.1", port, user: "somebody", max: 1 });
  own.on("error", () => {});
  const pool = nodePostgres(own);
  await expect(pool.query("SELECT 1")).rejects.toThrow();
  await expect(pool.query("SELECT 1")).rejects.toThrow();
  await own.end();
  server.close();
});
