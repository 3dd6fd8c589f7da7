import { openTcp } from "../socket.ts";
import type { Tunnel } from "./tunnel.ts";

/** SOCKS 5 (RFC 1928, 1929). The proxy is told an address, never a name: it may not look it up anew. */
export const socks5: Tunnel = async (proxy, { address, port }, { signal, timeoutMs }) => {
  const reached = await openTcp(proxy.host, proxy.port, signal);
  const interrupted = () => reached.destroy(signal.reason as Error);
  signal.addEventListener("abort", interrupted, { once: true });
  try {
    // Loaded by those who go through one.
    const { SocksClient } = await import("socks");
    const { socket } = await SocksClient.createConnection({
      existing_socket: reached,
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(proxy.credentials
          ? { userId: proxy.credentials.username, password: proxy.credentials.password }
          : {}),
      },
      command: "connect",
      destination: { host: address, port },
      timeout: timeoutMs,
    });
    return socket;
  } catch (cause) {
    reached.destroy();
    signal.throwIfAborted();
    // The library's errors carry its options, password and all.
    const { message, code } = cause as { readonly message: string; readonly code?: string };
    throw Object.assign(new Error(message), { code: code ?? codeOf(message) });
  } finally {
    signal.removeEventListener("abort", interrupted);
  }
};

function codeOf(message: string): string {
  if (/authentication/i.test(message)) return "proxy-credentials-rejected";
  if (/rejected/i.test(message)) return "proxy-cannot-reach";
  return /timed out/i.test(message) ? "timeout" : "proxy-failed";
}
