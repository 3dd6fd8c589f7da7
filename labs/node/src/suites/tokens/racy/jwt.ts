import { type AuthorizationHeader, bearerToken, GuardError } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import { existingProfile } from "../../../accounts/profile.ts";
import { SELECT_PROFILE } from "../../../accounts/sql.ts";
import { ADD_SCORE } from "../../../guarded/sql.ts";
import { SCORE } from "../../../schemas.ts";
import { DONE } from "../answers.ts";
import type { TokensHalf } from "../half.ts";
import { decode } from "../jwt/decode.ts";

/** `GET /jwt/profile`: for whoever the token says. */
export function jwtProfile(app: FastifyInstance, half: TokensHalf): void {
  app.get("/jwt/profile", async (request) => {
    const subject = authenticate(half, request.headers.authorization);
    return existingProfile((await half.database.query(SELECT_PROFILE, [subject])).rows);
  });
}

/** `POST /jwt/profile/score`. */
export function jwtScore(app: FastifyInstance, half: TokensHalf): void {
  app.post<{ Body: { score: number } }>(
    "/jwt/profile/score",
    { schema: { body: SCORE } },
    async (request) => {
      const subject = authenticate(half, request.headers.authorization);
      await half.think();
      const { rowCount } = await half.database.query(ADD_SCORE, [subject, request.body.score]);
      existingProfile(rowCount === 1 ? [{}] : []);
      return DONE;
    },
  );
}

/** `POST /jwt/logout`: nothing remembers a token, so nothing can forget it. */
export function jwtLogout(app: FastifyInstance, half: TokensHalf): void {
  app.post("/jwt/logout", async (request, reply) => {
    authenticate(half, request.headers.authorization);
    return reply.code(204).send();
  });
}

function authenticate({ jwt }: TokensHalf, authorization: AuthorizationHeader): string {
  const claims = decode(bearerToken(authorization, "lab"), jwt.keys);
  if (!claims) throw new GuardError("invalid-token", { realm: "lab" });
  return claims.subject;
}
