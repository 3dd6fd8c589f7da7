import type { Principal } from "../credentials/index.ts";
import type { Token } from "../token.ts";
import type { Scene } from "./scene.ts";

/** A principal with a token that lasts, and one that ends soon. */
export interface BriefToken {
  readonly principal: Principal;
  readonly token: Token;
  /** Monotonic ms, as the API said. */
  readonly ends: number;
}

/** Long enough to be issued at all, whatever the server rounds off. */
const SHORTEST_S = 2;
const LONGEST_MS = 20_000;

/** A token that ends within seconds: one that a login lets the caller ask for, or such as are issued anyway. */
export async function briefToken(scene: Scene): Promise<BriefToken | { readonly reason: string }> {
  const { credentials, context, owner } = scene;
  const principal = credentials.fresh ? await credentials.mint() : owner;
  const token = (await principal.brief?.(SHORTEST_S)) ?? (await principal.login?.());
  const ends = token?.expires ?? Number.POSITIVE_INFINITY;
  if (!token || ends - context.clock.now() > LONGEST_MS)
    return { reason: "no token that ends within seconds can be had" };
  return { principal, token, ends };
}
