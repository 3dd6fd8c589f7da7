import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthorizationHeader } from "../authorization.ts";

/** All of them: `headers` keeps the first of two and says nothing. */
export function authorizationOf(request: IncomingMessage): AuthorizationHeader {
  return request.headersDistinct.authorization;
}

/** Aborted where the client leaves before it has its answer. */
export function untilClosed(response: ServerResponse): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const close = () => controller.abort(new ClientLeft());
  response.once("close", close);
  return { signal: controller.signal, end: () => response.off("close", close) };
}

/** Said to nobody: there is no one left to hear it. */
export class ClientLeft extends Error {
  override readonly name = "ClientLeft";
  readonly statusCode = 499;
}
