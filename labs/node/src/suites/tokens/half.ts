import {
  createSessions,
  type IdempotencyKeys,
  idempotencyKeys,
  type OneTimeCodes,
  oneTimeCodes,
  type Sessions,
} from "@deadheat/guard";
import type { Half } from "../../half.ts";
import type { SendMail } from "../../mail.ts";
import type { JwtIssuer } from "./jwt/issuer.ts";
import { TABLES } from "./schema.ts";

/** A half of the lab, with what the endpoints of this suite work with. */
export interface TokensHalf extends Half {
  readonly sessions: Sessions;
  readonly codes: OneTimeCodes;
  readonly keys: IdempotencyKeys;
  readonly jwt: JwtIssuer;
  readonly send: SendMail;
}

/** How long what a log-in gives is good for, in seconds. */
export const ACCESS_SECONDS = 3600;
export const REFRESH_SECONDS = 86_400;
export const CODE_SECONDS = 600;

/** Makes the tables of the suite beside those of the half. */
export async function openTokensHalf(
  half: Half,
  tools: { readonly jwt: JwtIssuer; readonly send: SendMail },
): Promise<TokensHalf> {
  const { schema } = half;
  const sessions = createSessions({
    pool: half.database,
    tokens: half.tokens,
    schema,
    prefix: "dhf",
    realm: "lab",
  });
  const codes = oneTimeCodes({ schema });
  const keys = idempotencyKeys({ schema });
  for (const sql of [sessions.migration, codes.migration, keys.migration, TABLES])
    await half.database.query(sql);
  return { ...half, ...tools, sessions, codes, keys };
}
