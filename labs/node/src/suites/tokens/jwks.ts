import type { FastifyInstance } from "fastify";
import type { TokensHalf } from "./half.ts";
import { publicKeys } from "./jwt/issuer.ts";

/** `GET /.well-known/jwks.json`, which the API document does not list: whoever knows JWT looks there. */
export function jwks(app: FastifyInstance, { jwt }: TokensHalf): void {
  app.get("/.well-known/jwks.json", () => publicKeys(jwt.keys));
}
