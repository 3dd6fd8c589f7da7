import { createServer as createHttp } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { createServer as createTcp, type Server, type Socket } from "node:net";
import type { Network } from "../race/network.ts";
import type { Target } from "../race/target.ts";

/** Servers of one test file, on loopback. `close` ends them and every connection to them. */
export class Servers {
  readonly #closers: (() => void)[] = [];

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  async listen(
    server: Pick<Server, "listen" | "address" | "close" | "on">,
    options: { readonly secure?: boolean; readonly host?: string; readonly network?: Network } = {},
  ): Promise<Target> {
    const { secure = false, host: address = "127.0.0.1", network } = options;
    const sockets = new Set<Socket>();
    for (const event of ["connection", "secureConnection"])
      server.on(event, (socket: Socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => {});
      });
    this.#closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, address, () => resolve()));
    const { port } = server.address() as { port: number };
    const host = `${address.includes(":") ? `[${address}]` : address}:${port}`;
    return {
      origin: `${secure ? "https" : "http"}://${host}`,
      secure,
      host,
      hostname: address,
      port,
      address,
      family: address.includes(":") ? 6 : 4,
      ...(network ? { network } : {}),
    };
  }

  /** A server below HTTP. */
  raw(onSocket: (socket: Socket) => void): Promise<Target> {
    return this.listen(createTcp(onSocket));
  }

  /** Node.js's own HTTP/2 server. */
  http2(
    onStream: (stream: ServerHttp2Stream, body: Promise<Buffer>) => void,
    settings: object = {},
  ): Promise<Target> {
    const server = createHttp2({ settings });
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      onStream(stream, new Promise((resolve) => stream.on("end", () => resolve(Buffer.concat(chunks)))));
    });
    return this.listen(server as never);
  }

  /** A server of either kind that answers what it was sent. */
  echo(kind: "http1" | "http2", host = "127.0.0.1"): Promise<Target> {
    const server = kind === "http1" ? createHttp(echoing as never) : createHttp2(echoing as never);
    return this.listen(server as never, { host });
  }
}

/** `{"url": …, "got": what was sent}` */
export function echoing(
  request: NodeJS.ReadableStream & { url?: string },
  answer: { end(text: string): void },
): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () =>
    answer.end(`{"url":"${request.url}","got":${Buffer.concat(chunks).toString() || "null"}}`),
  );
}
