import { createServer as createHttp1Server, type RequestListener } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";

/** RFC 9113 §3.4: what an HTTP/2 client with prior knowledge says first. */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const KEEP_ALIVE_MS = 72_000;

export interface DualServer extends Server {
  closeAllConnections(): void;
}

/** One port for HTTP/1.1 and cleartext HTTP/2, told apart by the first bytes of a connection. */
export function createDualServer(handler: RequestListener): DualServer {
  const http1 = createHttp1Server(handler);
  // Warmed connections wait for their burst longer than Node's 5 s.
  http1.keepAliveTimeout = KEEP_ALIVE_MS;
  const http2 = createHttp2Server(handler as never);
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  http2.on("sessionError", () => {});
  http1.on("clientError", (_error, socket) => socket.destroy());

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Clients leave as they please.
    socket.on("error", () => {});
    sniff(socket, (preface) => (preface ? http2 : http1).emit("connection", socket));
  });
  return Object.assign(server, {
    closeAllConnections() {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  });
}

/** Waits for as many bytes as it takes to tell: `P` may yet become POST. */
function sniff(socket: Socket, decided: (preface: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const look = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read())
      seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const preface = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (preface && length < PREFACE.length) return;
    socket.off("readable", look);
    socket.unshift(seen);
    decided(preface);
  };
  socket.on("readable", look);
}
