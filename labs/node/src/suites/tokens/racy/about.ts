import { bearerToken, type Connection, tokenHash } from "@deadheat/guard";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { DONE } from "../answers.ts";
import { ABOUT } from "../forms.ts";
import type { TokensHalf } from "../half.ts";
import { SAVE_ABOUT } from "./sql.ts";
import { lockToken } from "./stamps.ts";

interface Open {
  readonly connection: Connection;
  readonly subject: string;
}

/**
 * `PUT /profile/about`: the transaction begins, and the row of the token is locked, when the head of the request
 * has arrived, as a transaction around the whole request does it. A client that sends the rest of it slowly
 * decides how long a revocation of the token waits.
 */
export function about(app: FastifyInstance, half: TokensHalf): void {
  const open = new Map<FastifyRequest, Open>();

  async function begin(request: FastifyRequest, gone: () => boolean): Promise<void> {
    const hash = tokenHash(bearerToken(request.headers.authorization, "lab"));
    const connection = await half.database.connect();
    try {
      await connection.query("BEGIN");
      const subject = await lockToken(connection, hash);
      if (gone()) throw new Error("the client left");
      open.set(request, { connection, subject });
    } catch (error) {
      await end(connection, "ROLLBACK");
      throw error;
    }
  }

  /** The transaction of the request, for one taker: its handler, or whoever sees that there will be none. */
  function take(request: FastifyRequest): Open | undefined {
    const taken = open.get(request);
    open.delete(request);
    return taken;
  }

  const onRequest = async (request: FastifyRequest, reply: { raw: NodeJS.EventEmitter }) => {
    let gone = false;
    // Also after the answer: a body that was refused has no handler that could have ended it.
    reply.raw.once("close", () => {
      gone = true;
      const left = take(request);
      if (left) void end(left.connection, "ROLLBACK");
    });
    await begin(request, () => gone);
  };

  app.put<{ Body: { about: string } }>(
    "/profile/about",
    { schema: { body: ABOUT }, onRequest },
    async (request) => {
      const { connection, subject } = take(request)!;
      let outcome: "COMMIT" | "ROLLBACK" = "ROLLBACK";
      try {
        await connection.query(SAVE_ABOUT, [subject, request.body.about]);
        outcome = "COMMIT";
      } finally {
        await end(connection, outcome);
      }
      return DONE;
    },
  );
}

async function end(connection: Connection, how: "COMMIT" | "ROLLBACK"): Promise<void> {
  try {
    await connection.query(how);
    connection.release();
  } catch (error) {
    connection.release(true);
    if (how === "COMMIT") throw error;
  }
}
