import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { isIPv6, type Socket } from "node:net";
import type { ForwardProxy } from "../network.ts";
import type { Tunnel } from "./tunnel.ts";

/** Answers that a proxy gives for reasons of its own, by the code that reports show. */
const REFUSALS: Readonly<Record<number, string>> = {
  403: "proxy-forbids",
  407: "proxy-credentials-rejected",
  502: "proxy-cannot-reach",
  503: "proxy-cannot-reach",
  504: "proxy-cannot-reach",
};

/** HTTP CONNECT (RFC 9110 §9.3.6). Any answer but 2xx is a refusal; a redirect is not followed. */
export const httpConnect: Tunnel = (proxy, { address, port }, { signal }) =>
  new Promise<Socket>((resolve, reject) => {
    const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
    const send = proxy.kind === "https" ? secureRequest : plainRequest;
    const request = send({
      host: proxy.host,
      port: proxy.port,
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...authorizationOf(proxy) },
      agent: false,
      ...(proxy.secureContext ? { secureContext: proxy.secureContext } : {}),
      rejectUnauthorized: proxy.insecure !== true,
      signal,
    });
    request.once("connect", ({ statusCode = 0 }, socket: Socket, early: Buffer) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (early.length > 0) socket.unshift(early);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(refusal(statusCode));
    });
    // A proxy that does not know CONNECT answers as to any other request.
    request.once("response", (answer) => {
      answer.destroy();
      reject(refusal(answer.statusCode ?? 0));
    });
    request.once("error", reject);
    request.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
    request.end();
  });

function refusal(status: number): Error {
  return Object.assign(new Error(`the proxy answered ${status}`), {
    code: REFUSALS[status] ?? `proxy-answered-${status}`,
  });
}

function authorizationOf({ credentials }: ForwardProxy): Record<string, string> {
  if (!credentials) return {};
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  return { "proxy-authorization": `Basic ${pair}` };
}
