import { createServer as createHttp } from "node:http";
import { connect, createServer as createTcp, type Socket } from "node:net";
import type { Servers } from "./servers.ts";

export interface TestProxy {
  readonly host: string;
  readonly port: number;
  /** What it was asked to connect to: `127.0.0.1:8000`, in order. */
  readonly asked: string[];
  /** How whoever asked showed who it is. */
  readonly credentials: (string | undefined)[];
}

/** A proxy that knows CONNECT; `refuse` gives the status of an answer that refuses. */
export async function connectProxy(
  servers: Servers,
  refuse: (authorization: string | undefined) => number | undefined = () => undefined,
): Promise<TestProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const server = createHttp((_request, answer) => answer.writeHead(400).end());
  server.on("connect", (request, socket: Socket) => {
    socket.on("error", () => {});
    const authority = request.url ?? "";
    asked.push(authority);
    credentials.push(request.headers["proxy-authorization"]);
    const status = refuse(request.headers["proxy-authorization"]);
    if (status !== undefined) {
      const location = status < 400 ? "location: http://127.0.0.1:1/\r\n" : "";
      socket.end(`HTTP/1.1 ${status} No\r\n${location}content-length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${authority}`);
    join(socket, hostname.replace(/^\[|\]$/g, ""), Number(port === "" ? 80 : port), () =>
      socket.write("HTTP/1.1 200 OK\r\n\r\n"),
    );
  });
  const { address: host, port } = await servers.listen(server);
  return { host, port, asked, credentials };
}

/** SOCKS 5 (RFC 1928), with user and password (RFC 1929) where `password` is given. */
export async function socksProxy(servers: Servers, password?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const server = createTcp(async (socket) => {
    socket.on("error", () => {});
    const next = () => new Promise<Buffer>((resolve) => socket.once("data", resolve));
    await next();
    socket.write(Buffer.from([5, password === undefined ? 0 : 2]));
    if (password !== undefined) {
      const shown = await next();
      const length = shown[1] ?? 0;
      const given = shown.subarray(3 + length).toString();
      credentials.push(`${shown.subarray(2, 2 + length)}:${given}`);
      socket.write(Buffer.from([1, given === password ? 0 : 1]));
      if (given !== password) return;
    }
    const request = await next();
    const six = request[3] === 4;
    const end = request[3] === 1 ? 8 : six ? 20 : request.length - 2;
    const raw = request.subarray(4, end);
    const host = six
      ? (raw.toString("hex").match(/.{4}/g) ?? []).join(":")
      : request[3] === 1
        ? raw.join(".")
        : raw.toString();
    const port = request.readUInt16BE(end);
    asked.push(`${request[3] === 3 ? "name " : ""}${host}:${port}`);
    join(socket, host, port, () => socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])));
  });
  const { address: host, port } = await servers.listen(server);
  return { host, port, asked, credentials };
}

function join(socket: Socket, host: string, port: number, onJoined: () => void): void {
  const onward = connect(port, host, () => {
    onJoined();
    socket.pipe(onward).pipe(socket);
  });
  onward.on("error", () => socket.destroy());
  socket.on("close", () => onward.destroy());
}
