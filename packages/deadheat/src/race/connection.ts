import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { openTcp, ready } from "./socket.ts";
import type { Target } from "./target.ts";
import { tunnels } from "./tunnel/index.ts";

export interface ConnectOptions {
  readonly signal: AbortSignal;
  /** Until TLS is set up, ms. */
  readonly timeoutMs: number;
  /** What is spoken over TLS (ALPN, RFC 7301). */
  readonly protocol: "h2" | "http/1.1";
}

/**
 * A connection to the target's pinned address, through its proxy where it has one. Everything that is sent to a target
 * goes over one of these: bursts, set-up and observation alike. Rejects, with a `code` where there is one.
 */
export async function connect(target: Target, options: ConnectOptions): Promise<Socket> {
  const { signal, timeoutMs } = options;
  signal.throwIfAborted();
  const over = new AbortController();
  const end = (cause: unknown) => over.abort(cause);
  const timer = setTimeout(() => end(new Error("timeout")), timeoutMs);
  const interrupted = () => end(signal.reason);
  signal.addEventListener("abort", interrupted, { once: true });
  let socket: Socket | undefined;
  try {
    socket = await reached(target, { timeoutMs, signal: over.signal });
    over.signal.throwIfAborted();
    socket.setNoDelay(true);
    if (target.secure) socket = await secured(socket, target, options, over.signal);
    // Said to TLS as well, which would take what it was never told for nothing to change later.
    return socket.setNoDelay(true);
  } catch (cause) {
    socket?.destroy();
    // A timeout or an interruption is told as such, not as what it did to the socket.
    throw over.signal.aborted ? over.signal.reason : cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupted);
  }
}

async function reached(
  target: Target,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Socket> {
  const proxy = target.network?.proxy;
  const socket = proxy
    ? await tunnels[proxy.kind](proxy, target, options)
    : await openTcp(target.address, target.port, options.signal);
  return socket;
}

async function secured(
  socket: Socket,
  { hostname, network, secureContext = network?.secureContext }: Target,
  { protocol }: ConnectOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const name = network?.serverName ?? hostname;
  return ready<TLSSocket>(
    connectTls({
      socket,
      host: name,
      // SNI names a host, never an address (RFC 6066 §3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ALPNProtocols: [protocol],
      ...(secureContext ? { secureContext } : {}),
      rejectUnauthorized: network?.insecure !== true,
    }),
    "secureConnect",
    signal,
  );
}
