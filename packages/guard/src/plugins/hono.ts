import type { Context, Env, Handler } from "hono";
import type { Guard, Guarded, RunOptions } from "../guard.ts";
import { problemAnswer } from "../http/answer.ts";
import type { Queryable } from "../postgres.ts";

/**
 * Handlers of Hono that run under the guard, once the whole body is there: `c.req.json()` has it at once. The response
 * that the handler returns is sent when it has committed. A refusal is answered with problem details and the
 * challenge; every other error goes to `onError` of the application. A client that leaves ends it, with nothing done.
 *
 * Fetch's `Headers` join two `Authorization` headers by a comma, which is no token: they are refused as one is.
 *
 * @throws whatever the handler throws
 * @example
 * const guarded = honoGuard(guard);
 * app.get("/me", guarded(async ({ principal }, c) => c.json({ user: principal.subject })));
 */
export function honoGuard<Db = Queryable>(guard: Guard<Db>) {
  return <E extends Env = Env>(
    handler: (guarded: Guarded<Db>, context: Context<E>) => Promise<Response>,
    options: RunOptions | ((context: Context<E>) => RunOptions) = {},
  ): Handler<E> =>
    async (context) => {
      // Kept by Hono for whoever asks for it later, in whatever form.
      await context.req.arrayBuffer();
      try {
        const { signal } = context.req.raw;
        const run = { signal, ...(typeof options === "function" ? options(context) : options) };
        return await guard.run(
          context.req.header("authorization"),
          (guarded) => handler(guarded, context),
          run,
        );
      } catch (error) {
        const problem = problemAnswer(error);
        if (!problem) throw error;
        return new Response(problem.body, { status: problem.status, headers: problem.headers });
      }
    };
}
