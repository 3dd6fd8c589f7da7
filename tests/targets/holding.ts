import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newToken, type Target } from "./api.ts";
import { pointsDocument } from "./points.ts";

/** What is taken before the body of `POST /points` is there. */
export type Holding = "nothing" | "the token" | "the user" | "everything" | "one worker";

/** Turns for a key: one holder at a time, in order. */
class Locks {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves with the function that gives it back. */
  async take(key: string): Promise<() => void> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let free: () => void = () => {};
    this.#last.set(
      key,
      before.then(() => new Promise<void>((resolve) => (free = resolve))),
    );
    await before;
    return () => free();
  }
}

/** Points and a sign-out, on a server that locks at the head of a request, or after its body. */
export async function holdingTarget(holding: Holding): Promise<Target> {
  const passwords = new Map<string, string>();
  const owners = new Map<string, string>();
  const points = new Map<string, number>();
  const locks = new Locks();

  const lockFor = (token: string): Promise<() => void> => {
    if (holding === "the token") return locks.take(`token ${token}`);
    if (holding === "the user") return locks.take(`user ${owners.get(token)}`);
    if (holding === "everything") return locks.take("all");
    return Promise.resolve(() => {});
  };

  const handle = async (incoming: IncomingMessage): Promise<{ status: number; body?: unknown }> => {
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
    const route = `${incoming.method} ${incoming.url}`;
    if (route === "POST /signup" || route === "POST /signin") {
      const { username, password } = JSON.parse(await textOf(incoming));
      if (route === "POST /signup") {
        passwords.set(username, password);
        return { status: 201, body: {} };
      }
      const issued = newToken();
      owners.set(issued, username);
      return passwords.get(username) === password
        ? { status: 200, body: { token: issued } }
        : { status: 401 };
    }
    const name = owners.get(token);
    if (name === undefined) return { status: 401, body: {} };
    if (route === "GET /me") return { status: 200, body: { points: points.get(name) ?? 0 } };
    if (route === "POST /signout") {
      const release = await lockFor(token);
      owners.delete(token);
      release();
      return { status: 204 };
    }
    const release = await lockFor(token);
    try {
      const { points: more } = JSON.parse(await textOf(incoming));
      points.set(name, (points.get(name) ?? 0) + more);
    } finally {
      release();
    }
    return { status: 200, body: {} };
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const turn = holding === "one worker" ? await locks.take("worker") : undefined;
    try {
      const { status, body } = await handle(incoming);
      outgoing
        .writeHead(status, { "content-type": "application/json" })
        .end(body === undefined ? "" : JSON.stringify(body));
    } catch {
      outgoing.destroy();
    } finally {
      turn?.();
    }
  };
  return listening(createServer((incoming, outgoing) => void answer(incoming, outgoing)));
}

async function listening(server: ReturnType<typeof createServer>): Promise<Target> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "deadheat-holding-"));
  const document = join(folder, "openapi.json");
  writeFileSync(document, JSON.stringify(pointsDocument()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    document,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
