import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import Fastify, { type FastifyInstance } from "fastify";
import { serve } from "./endpoints.ts";
import type { Layers } from "./layers.ts";
import { answerProblems } from "./problem.ts";
import { createDualServer } from "./server/h2c.ts";

/** The API document: beside src/ in a checkout, beside dist/ where installed. */
export const DOCUMENT = fileURLToPath(new URL("../openapi.yaml", import.meta.url));

/** The web application: both halves, each in layers of endpoints, and their documents, in one server. */
export function buildApp(
  halves: { readonly racy: Layers; readonly guarded: Layers },
  documents: readonly string[],
  onFault: (error: Error) => void,
): FastifyInstance {
  const app = Fastify({
    logger: false,
    serverFactory: (handler) => createDualServer(handler) as never,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // A "5" is not a 5: the document says integer.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  answerProblems(app, onFault);
  for (const document of documents) {
    app.get(`/${basename(document)}`, async (_request, reply) =>
      reply.type("application/yaml").send(await readFile(document, "utf8")),
    );
  }
  app.register(async (scope) => serve(scope, halves.racy), { prefix: "/racy" });
  app.register(async (scope) => serve(scope, halves.guarded), { prefix: "/guarded" });
  return app;
}
