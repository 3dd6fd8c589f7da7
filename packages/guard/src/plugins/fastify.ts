import type { FastifyReply, FastifyRequest, RouteGenericInterface } from "fastify";
import type { Guard, Guarded, RunOptions } from "../guard.ts";
import { problemAnswer } from "../http/answer.ts";
import type { Queryable } from "../postgres.ts";
import { authorizationOf, untilClosed } from "./headers.ts";

type Request<Route extends RouteGenericInterface> = FastifyRequest<Route>;

/**
 * Handlers of Fastify 5 that run under the guard. Fastify has read and validated the body by then; what the handler
 * returns is sent once it has committed. A refusal is answered with problem details and the challenge; every other
 * error goes to the error handler of the application. A client that leaves ends it, with nothing done.
 *
 * @throws nothing by itself; the handler rejects with whatever yours throws
 * @example
 * const guarded = fastifyGuard(guard);
 * app.get("/me", guarded(async ({ principal }) => ({ user: principal.subject })));
 */
export function fastifyGuard<Db = Queryable>(guard: Guard<Db>) {
  return <Route extends RouteGenericInterface = RouteGenericInterface>(
    handler: (guarded: Guarded<Db>, request: Request<Route>, reply: FastifyReply) => Promise<unknown>,
    options: RunOptions | ((request: Request<Route>) => RunOptions) = {},
  ) =>
    async (request: Request<Route>, reply: FastifyReply): Promise<unknown> => {
      const client = untilClosed(reply.raw);
      try {
        const authorization = authorizationOf(request.raw);
        const run = {
          signal: client.signal,
          ...(typeof options === "function" ? options(request) : options),
        };
        return await guard.run(authorization, (guarded) => handler(guarded, request, reply), run);
      } catch (error) {
        const problem = problemAnswer(error);
        if (!problem) throw error;
        return reply.code(problem.status).headers(problem.headers).serializer(String).send(problem.body);
      } finally {
        client.end();
      }
    };
}
