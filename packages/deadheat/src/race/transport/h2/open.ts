import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Target } from "../../target.ts";
import { Connection } from "./connection.ts";
import { Http2Error } from "./errors.ts";

/** Connects, by ALPN over TLS and by prior knowledge in cleartext (RFC 9113 §3). Rejects where it is not spoken. */
export async function openConnection(
  target: Target,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Connection> {
  signal.throwIfAborted();
  const socket = socketTo(target);
  const end = (cause: Error) => socket.destroy(cause);
  const timer = setTimeout(() => end(new Error("timeout")), timeoutMs);
  const interrupted = () => end(signal.reason as Error);
  signal.addEventListener("abort", interrupted, { once: true });
  try {
    await connected(socket, target.secure);
    const connection = new Connection(socket);
    await connection.greeted();
    return connection;
  } catch (cause) {
    socket.destroy();
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupted);
  }
}

function socketTo({ address: host, port, hostname, secure }: Target): Socket {
  // SNI names a host, never an address (RFC 6066 §3).
  const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
  const socket = secure
    ? connectTls({ host, port, ...servername, ALPNProtocols: ["h2"] })
    : connectTcp({ host, port });
  return socket.setNoDelay(true);
}

function connected(socket: Socket, secure: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    socket.once(secure ? "secureConnect" : "connect", () => {
      const { alpnProtocol } = socket as { alpnProtocol?: string | false };
      if (secure && alpnProtocol !== "h2")
        reject(new Http2Error("HTTP_1_1_REQUIRED", "the server does not offer HTTP/2"));
      else resolve();
    });
  });
}
