import type { Request, RequestHandler, Response } from "express";
import type { Guard, Guarded, RunOptions } from "../guard.ts";
import { problemAnswer } from "../http/answer.ts";
import type { Queryable } from "../postgres.ts";
import { authorizationOf, ClientLeft, untilClosed } from "./headers.ts";

/**
 * An answer with more to it than a body.
 *
 * @throws nothing
 * @example
 * new Reply(201, { id: 7 }, { location: "/orders/7" }).status; // 201
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * Handlers of Express 5 that run under the guard. They return what is to be sent, as JSON or as a `Reply`, and get no
 * response to send it with: it is sent once it has committed. Put what reads the body (`express.json()`) before it. A
 * refusal is answered with problem details and the challenge; every other error goes to `next`. A client that leaves
 * ends it, with nothing done.
 *
 * @throws nothing; errors of the handler go to `next`
 * @example
 * const guarded = expressGuard(guard);
 * app.post("/orders", guarded(async ({ principal }) => new Reply(201, { by: principal.subject })));
 */
export function expressGuard<Db = Queryable>(guard: Guard<Db>) {
  return (
    handler: (guarded: Guarded<Db>, request: Request) => Promise<unknown>,
    options: RunOptions | ((request: Request) => RunOptions) = {},
  ): RequestHandler =>
    async (request, response, next) => {
      const client = untilClosed(response);
      try {
        const run = {
          signal: client.signal,
          ...(typeof options === "function" ? options(request) : options),
        };
        const value = await guard.run(authorizationOf(request), (guarded) => handler(guarded, request), run);
        send(response, value instanceof Reply ? value : new Reply(value === undefined ? 204 : 200, value));
      } catch (error) {
        const problem = problemAnswer(error);
        if (problem) response.status(problem.status).set(problem.headers).end(problem.body);
        else if (!(error instanceof ClientLeft)) next(error);
      } finally {
        client.end();
      }
    };
}

function send(response: Response, { status, body, headers }: Reply): void {
  response.status(status).set(headers);
  if (body === undefined) response.end();
  else response.json(body);
}
