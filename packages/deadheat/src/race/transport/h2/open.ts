import type { TLSSocket } from "node:tls";
import type { Clock } from "../../../clock.ts";
import { type ConnectOptions, connect } from "../../connection.ts";
import type { Target } from "../../target.ts";
import { Connection } from "./connection.ts";
import { Http2Error } from "./errors.ts";

/** Connects, by ALPN over TLS and by prior knowledge in cleartext (RFC 9113 §3). Rejects where it is not spoken. */
export async function openConnection(
  target: Target,
  options: Omit<ConnectOptions, "protocol"> & { readonly clock: Clock },
): Promise<Connection> {
  const { signal, timeoutMs } = options;
  const socket = await connect(target, { ...options, protocol: "h2" });
  if (target.secure && (socket as TLSSocket).alpnProtocol !== "h2") {
    socket.destroy();
    throw new Http2Error("HTTP_1_1_REQUIRED", "the server does not offer HTTP/2 (ALPN)");
  }
  const connection = new Connection(socket, () => options.clock.now());
  const timer = setTimeout(() => socket.destroy(new Error("timeout")), timeoutMs);
  const interrupted = () => socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", interrupted, { once: true });
  try {
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
