import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reply, Routes, Target } from "./api.ts";

/** A handler that is called when the headers are there, and awaits the body itself. */
// biome-ignore lint/suspicious/noExplicitAny: each handler knows its own body
export type EarlyHandler = (token: string, body: Promise<any>) => Promise<Reply>;

/** Serves some routes as gunicorn serves all: their handlers run when the headers are there. */
export async function serveAtHead(
  routes: Routes,
  early: Readonly<Record<string, EarlyHandler>>,
  document: object,
): Promise<Target> {
  const server = createServer(async (incoming, outgoing) => {
    const [, token = ""] = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "") ?? [];
    const route = `${incoming.method} ${incoming.url}`;
    const body = jsonOf(incoming);
    const call = { method: "", path: "", query: {}, parameters: {}, headers: incoming.headers, token };
    const handler = routes[route] ?? (() => ({ status: 404, body: {} }));
    try {
      const reply = await (early[route]?.(token, body) ?? handler({ ...call, body: await body }));
      const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
      outgoing.writeHead(reply.status, { "content-type": "application/json" }).end(text);
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "deadheat-early-"));
  const file = join(folder, "openapi.json");
  writeFileSync(file, JSON.stringify(document));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    document: file,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function jsonOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of incoming) text += String(chunk);
  return text === "" ? {} : JSON.parse(text);
}
