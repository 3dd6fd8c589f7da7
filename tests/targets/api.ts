import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A request as a handler sees it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: each handler knows its own body
  readonly body: any;
  readonly headers: IncomingMessage["headers"];
  readonly token: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends without an answer. */
  readonly cut?: boolean;
}

export type Handler = (call: Call) => Promise<Reply> | Reply;
/** By `METHOD /path/{parameter}`. */
export type Routes = Readonly<Record<string, Handler>>;

export interface Target {
  readonly url: string;
  /** Path of its OpenAPI document. */
  readonly document: string;
  stop(): Promise<void>;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Serves `routes` on a free loopback port, and writes `document` beside it. `around` sees every request. */
export async function serve(
  routes: Routes,
  document: object,
  around: (call: Call, handle: () => Promise<Reply>) => Promise<Reply> = (_call, handle) => handle(),
): Promise<Target> {
  const server = createServer(async (incoming, answer) => {
    const { pathname: path, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    const method = incoming.method ?? "GET";
    const { handler, parameters } = find(routes, method, path);
    const text = await textOf(incoming).catch(() => undefined);
    // Whoever sent it went away in the middle: a scan that has ended.
    if (text === undefined) return;
    const [, token = ""] = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "") ?? [];
    const call = {
      method,
      path,
      query: Object.fromEntries(searchParams),
      parameters,
      token,
      headers: incoming.headers,
      body: parse(text),
    };
    const reply = await around(call, async () => handler(call));
    if (reply.cut) return void incoming.socket.destroy();
    const body = reply.body === undefined ? "" : JSON.stringify(reply.body);
    answer.writeHead(reply.status, { "content-type": "application/json", ...reply.headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "deadheat-target-"));
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

function find(routes: Routes, method: string, path: string) {
  for (const [route, handler] of Object.entries(routes)) {
    const [wanted, template = ""] = route.split(" ");
    const pattern = template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    const match = wanted === method ? new RegExp(`^${pattern}$`).exec(path) : undefined;
    if (match) return { handler, parameters: match.groups ?? {} };
  }
  return { handler: () => ({ status: 404, body: { error: "not found" } }), parameters: {} };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** Every token and password that any target of this process has seen or made. */
export const secrets = new Set<string>();

export function newToken(): string {
  const token = randomBytes(18).toString("base64url");
  secrets.add(token);
  return token;
}
