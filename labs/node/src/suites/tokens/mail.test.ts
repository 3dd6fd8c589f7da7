import type { AddressInfo, Socket } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lab } from "../../index.ts";
import { client } from "../../testing/client.ts";
import { labForTests } from "../../testing/lab.ts";
import { postgresForTests } from "../../testing/postgres.ts";

const postgres = await postgresForTests();

/** The lab's few lines of SMTP against a server that knows all of it. */
describe.skipIf(!postgres)("a code, by mail", () => {
  const mails: { to: string[]; raw: Buffer }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    async onData(stream, { envelope }, done) {
      const raw = Buffer.concat(await stream.toArray());
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), raw });
      done();
    },
  });
  server.on("error", () => {});
  let lab: Lab;
  const faults: string[] = [];

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.server.address() as AddressInfo;
    lab = (await labForTests({
      databaseUrl: postgres!.url,
      suites: ["tokens"],
      connections: 5,
      mail: { host: "127.0.0.1", port },
      onFault: ({ message }) => faults.push(message),
    }))!;
  });
  afterAll(async () => {
    server.close();
    await lab?.stop();
    await postgres?.stop();
  });

  it.each(["racy", "guarded"])("%s: goes to the user who asked, and lets them in", async (half) => {
    const { call, register } = client(`${lab.url}/${half}`);
    const { username } = await register(`mailed-${half}`);
    mails.length = 0;
    const { id } = (await call("POST", "/codes", { username })).body;
    expect(mails).toHaveLength(1);
    expect(mails[0]!.to).toEqual([`${username}@lab.example`]);
    const mail = await PostalMime.parse(mails[0]!.raw);
    expect(mail.to?.[0]?.address).toBe(`${username}@lab.example`);
    expect(Math.abs(Date.parse(mail.date!) - Date.now())).toBeLessThan(60_000);
    const [code] = mail.text!.match(/\b\d{6}\b/)!;
    expect((await call("POST", `/codes/${id}/redeem`, { code })).status).toBe(201);
  });

  it("is not sent for a name that nobody has", async () => {
    mails.length = 0;
    const { call } = client(`${lab.url}/racy`);
    expect((await call("POST", "/codes", { username: "nobody-here" })).status).toBe(201);
    expect(mails).toEqual([]);
  });

  it("without a mail server that answers is a 500, and the log says why without saying the code", async () => {
    const { call, register } = client(`${lab.url}/racy`);
    const { username } = await register("unmailed");
    // (A port that is given up may be another's by then.)
    server.server.removeAllListeners("connection");
    server.server.on("connection", (socket: Socket) => socket.resetAndDestroy());
    const { status, body } = await call("POST", "/codes", { username });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/\d{6}/);
    expect(faults.at(-1)).toContain("ECONNRESET");
  });
});
