import { GuardError } from "@deadheat/guard";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";

/** An answer that is not a success, as RFC 9457 writes it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** PostgreSQL's, for a row that would refer to one that was deleted meanwhile. */
const FOREIGN_KEY_VIOLATION = "23503";
const GONE = "What this belongs to has been deleted meanwhile.";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  503: "Service Unavailable",
};

export function answerProblems(app: FastifyInstance, onFault: (error: Error) => void): void {
  app.setNotFoundHandler((request, reply) =>
    send(reply, 404, "Not Found", `There is no ${request.method} at this path.`),
  );
  app.setErrorHandler((error: FastifyError | GuardError | Problem, _request, reply) => {
    if (error instanceof Problem) return send(reply, error.status, error.title, error.message);
    if (error.code === FOREIGN_KEY_VIOLATION) return send(reply, 409, "Conflict", GONE);
    const status = error instanceof GuardError ? error.status : (error.statusCode ?? 500);
    if (error instanceof GuardError && error.challenge !== undefined) {
      reply.header("www-authenticate", error.challenge);
    }
    if (status >= 500) onFault(error);
    // What went wrong inside is for the log, not for the client.
    const detail = status >= 500 ? "The request could not be completed." : error.message;
    return send(reply, status, TITLES[status] ?? "Internal Server Error", detail);
  });
}

function send(reply: FastifyReply, status: number, title: string, detail: string): FastifyReply {
  return reply.code(status).type("application/problem+json").send({ title, status, detail });
}
