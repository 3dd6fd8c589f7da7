import { randomBytes } from "node:crypto";
import { type Answer, type Held, hold, type Request, send } from "./http.ts";

export const SCHEMES = ["token", "bearer", "jwt"] as const;
export type Scheme = (typeof SCHEMES)[number];
const KEYWORDS = { token: "Token", bearer: "Bearer", jwt: "Bearer" } as const;

/** One half of the lab under one scheme; `listings` stands by itself. */
export interface Side {
  readonly url: string;
  readonly scheme: Scheme;
  readonly half: "racy" | "right" | "unlocked" | "grace" | "listings";
}

export function pathOf({ scheme, half }: Side, path: string): string {
  return half === "listings" ? `/listings/${path}` : `/${scheme}/${half}/${path}`;
}

/** Somebody who is logged in. */
export interface User {
  readonly side: Side;
  readonly name: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** Where the scheme has refresh tokens. */
  readonly refresh: string | undefined;
  request(method: string, path: string, body?: unknown): Request;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  hold(method: string, path: string, body?: unknown): Promise<Held>;
  /** The same user with another token. DRF's authtoken has but one for each user: then through the bearer scheme. */
  again(): Promise<User>;
}

const PASSWORD = "correct horse battery";

/** Signs up and logs in. */
export async function newUser(side: Side): Promise<User> {
  const name = `user-${randomBytes(6).toString("hex")}`;
  const created = await post(side, "register/", { username: name, password: PASSWORD });
  if (created.status !== 201) throw new Error(`no user could be made: ${created.status}`);
  return login(side, name);
}

export async function login(side: Side, name: string): Promise<User> {
  const { status, body } = await post(side, "login/", { username: name, password: PASSWORD });
  const secret = body?.token ?? body?.access_token ?? body?.access;
  if (status !== 200 || typeof secret !== "string") throw new Error(`no login: ${status}`);
  const authorization = `${KEYWORDS[side.scheme]} ${secret}`;
  const request: User["request"] = (method, path, data) => ({
    method,
    path: pathOf(side, path),
    authorization,
    ...(data === undefined ? {} : { body: data }),
  });
  return {
    ...{ side, name, authorization, refresh: body.refresh_token ?? body.refresh, request },
    call: (method, path, data) => send(side.url, request(method, path, data)),
    hold: (method, path, data) => hold(side.url, request(method, path, data)),
    again: () => login(side.scheme === "token" ? { ...side, scheme: "bearer" } : side, name),
  };
}

export function post(side: Side, path: string, body: unknown): Promise<Answer> {
  return send(side.url, { method: "POST", path: pathOf(side, path), body });
}
