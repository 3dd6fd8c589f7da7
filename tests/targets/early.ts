import { type Reply, sleep, type Target } from "./api.ts";
import { serveAtHead } from "./at-head.ts";
import { Players, pointsDocument, pointsRoutes, unauthorized } from "./points.ts";

/** A note is counted with the check of its token; or once all of it is there, without another look. */
export type Counting = "at the head" | "after the body";

const WORK_MS = 5;

/**
 * Handlers run when the headers are there, as under gunicorn. Counted at the head the call is over, but for
 * its answer, before its last byte is sent: whoever takes that byte for the start of the work sees an effect
 * under a token that had been revoked before.
 */
export async function earlyTarget(counting: Counting): Promise<Target> {
  const players = new Players();
  const note = async (token: string, body: Promise<unknown>): Promise<Reply> => {
    const player = players.byToken.get(token);
    if (!player) return body.then(() => unauthorized);
    if (counting === "at the head") player.points++;
    await body;
    await sleep(WORK_MS);
    if (counting === "after the body") player.points++;
    return { status: 201, body: {} };
  };
  return serveAtHead(pointsRoutes(players), { "POST /notes": note }, notesDocument());
}

function notesDocument(): object {
  const schema = { type: "object", required: ["text"], properties: { text: { type: "string" } } };
  return pointsDocument({
    "/points": {},
    "/notes": {
      post: {
        security: [{ bearer: [] }],
        requestBody: { required: true, content: { "application/json": { schema } } },
        responses: { 201: { description: "Counted." } },
      },
    },
  });
}
