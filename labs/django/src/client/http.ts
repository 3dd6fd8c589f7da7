import { connect, type Socket } from "node:net";

/** A request in plain words. */
export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The whole value of the Authorization header. */
  readonly authorization?: string | undefined;
  readonly body?: unknown;
}

export interface Answer {
  /** 0 where the connection ended without one. */
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the lab says
  readonly body: any;
  /** When the last byte of the answer was there, by `performance.now()`. */
  readonly at: number;
}

/** A request of which everything but the last byte has been sent. */
export interface Held {
  /** Sends the last byte; resolves with the answer. */
  release(): Promise<Answer>;
  /** The answer that came before the last byte was sent, if one did. */
  readonly early: () => boolean;
  /** Closes the connection with the request unfinished. */
  abandon(): void;
}

/**
 * Sends all but the last byte on a connection of its own, in as plain HTTP/1.1 as there is. A client
 * library would decide for itself when bytes leave, and on which connection.
 */
export async function hold(url: string, request: Request): Promise<Held> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const bytes = encode(request, `${hostname}:${port}`);
  const answer = read(socket);
  let early = false;
  let released = false;
  answer.then(() => {
    early = !released;
  });
  await new Promise<void>((resolve) => socket.write(bytes.subarray(0, -1), () => resolve()));
  return {
    release: () => {
      released = true;
      socket.write(bytes.subarray(-1));
      return answer;
    },
    early: () => early,
    abandon: () => socket.destroy(),
  };
}

export async function send(url: string, request: Request): Promise<Answer> {
  return (await hold(url, request)).release();
}

/** Sends all of them so that their last bytes leave together, `settleMs` after everything else did. */
export async function burst(url: string, requests: readonly Request[], settleMs = 30): Promise<Answer[]> {
  const held = await Promise.all(requests.map((request) => hold(url, request)));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return Promise.all(held.map((one) => one.release()));
}

function encode({ method, path, authorization, body }: Request, host: string): Buffer {
  const text = body === undefined ? "" : JSON.stringify(body);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close"];
  if (authorization !== undefined) lines.push(`Authorization: ${authorization}`);
  if (text) lines.push("Content-Type: application/json");
  if (text || method !== "GET") lines.push(`Content-Length: ${Buffer.byteLength(text)}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${text}`);
}

function read(socket: Socket): Promise<Answer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    // A reset after the answer takes nothing away from it; one before leaves it empty.
    socket.on("error", () => {});
    socket.once("close", () => resolve(parse(Buffer.concat(chunks).toString("utf8"))));
  });
}

function parse(text: string): Answer {
  const at = performance.now();
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
  const end = text.indexOf("\r\n\r\n");
  const rest = end < 0 ? "" : text.slice(end + 4);
  try {
    return { status, body: JSON.parse(unchunked(text.slice(0, end), rest)), at };
  } catch {
    return { status, body: undefined, at };
  }
}

function unchunked(head: string, rest: string): string {
  if (!/^transfer-encoding: *chunked/im.test(head)) return rest;
  const parts: string[] = [];
  for (let left = rest; ; ) {
    const line = left.indexOf("\r\n");
    const size = Number.parseInt(left.slice(0, line), 16);
    if (line < 0 || !(size > 0)) return parts.join("");
    parts.push(left.slice(line + 2, line + 2 + size));
    left = left.slice(line + 4 + size);
  }
}
