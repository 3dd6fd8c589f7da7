import { bearerToken } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";

/** Turns away who brings no token at all, before the body is read; whether a token is valid is seen later. */
export function wantBearer(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    bearerToken(request.headers.authorization, "lab");
  });
}
