import type { Tunnel } from "./tunnel.ts";

/** SOCKS 5 (RFC 1928, 1929). The proxy is told an address, never a name: it may not look it up anew. */
export const socks5: Tunnel = async (proxy, { address, port }, { timeoutMs }) => {
  // Loaded by those who go through one.
  const { SocksClient } = await import("socks");
  try {
    const { socket } = await SocksClient.createConnection({
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
    // The library's errors carry its options, password and all.
    const { message, code } = cause as { readonly message: string; readonly code?: string };
    throw Object.assign(new Error(message), { code: code ?? codeOf(message) });
  }
};

function codeOf(message: string): string {
  if (/authentication/i.test(message)) return "proxy-credentials-rejected";
  if (/rejected/i.test(message)) return "proxy-cannot-reach";
  return /timed out/i.test(message) ? "timeout" : "proxy-failed";
}
