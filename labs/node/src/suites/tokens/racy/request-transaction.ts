import { bearerToken, type Connection, tokenHash } from "@deadheat/guard";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../../../problem.ts";
import type { TokensHalf } from "../half.ts";
import { lockToken } from "./lock-token.ts";

export interface RequestTransaction {
  readonly tx: Connection;
  readonly subject: string;
}

/**
 * A transaction around the whole request: it begins, and locks the row of the token, when the head of the
 * request has arrived. Whose body comes slowly keeps the row for as long.
 */
export function requestTransactions(half: TokensHalf) {
  const open = new Map<FastifyRequest, RequestTransaction>();

  /** For one taker: the handler, or whoever sees that there will be none. */
  function take(request: FastifyRequest): RequestTransaction | undefined {
    const taken = open.get(request);
    open.delete(request);
    return taken;
  }

  async function onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    let closed = false;
    // Comes for every request, at its end or when the client leaves: one that was refused has had no handler.
    reply.raw.once("close", () => {
      closed = true;
      const left = take(request);
      if (left) void end(left.tx, "ROLLBACK");
    });
    const tx = await half.database.connect();
    try {
      await tx.query("BEGIN");
      const subject = await lockToken(tx, tokenHash(bearerToken(request.headers.authorization, "lab")));
      if (closed) throw clientLeft();
      open.set(request, { tx, subject });
    } catch (error) {
      await end(tx, "ROLLBACK");
      throw error;
    }
  }

  async function run(request: FastifyRequest, work: (transaction: RequestTransaction) => Promise<void>) {
    const transaction = take(request);
    if (!transaction) throw clientLeft();
    try {
      await work(transaction);
    } catch (error) {
      await end(transaction.tx, "ROLLBACK");
      throw error;
    }
    await end(transaction.tx, "COMMIT");
  }

  return { onRequest, run };
}

/** A connection on which this fails is not used again, which ends its transaction too. */
async function end(tx: Connection, how: "COMMIT" | "ROLLBACK"): Promise<void> {
  try {
    await tx.query(how);
    tx.release();
  } catch (error) {
    tx.release(true);
    if (how === "COMMIT") throw error;
  }
}

/** Said to nobody: there is no one left to hear it. */
function clientLeft(): Problem {
  return new Problem(400, "Bad Request", "The client left.");
}
