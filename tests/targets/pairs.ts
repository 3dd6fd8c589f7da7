import { answer, body, unauthorized } from "./accounts.ts";
import { type Call, newToken, type Reply, type Routes, secrets, serve, sleep, type Target } from "./api.ts";
import { webToken } from "./web-token.ts";

/** How an API hands out pairs of tokens, and takes the refresh token back. */
export interface Pairs {
  /** The names in an answer, and how deep they stand. */
  readonly shape?: "camel" | "snake" | "nested" | "objects";
  readonly carriedBy?: "body" | "header" | "authorization" | "cookie";
  /** Access tokens are JSON Web Tokens of whole seconds, without a `jti`: two of one second are the same text. */
  readonly jwt?: "access" | "both";
  /** A rotation ends the access tokens that were issued before it. */
  readonly endsAccess?: boolean;
  /** Marks the refresh token in one step. */
  readonly right?: boolean;
}

const WORK_MS = 12;

interface Session {
  readonly name: string;
  /** Counts rotations: an access token of an earlier one may not work any more. */
  generation: number;
}

/** Sign-up, sign-in, refresh, and a protected read. */
export async function pairsTarget(pairs: Pairs = {}): Promise<Target> {
  const { shape = "camel", carriedBy = "body", jwt, endsAccess = false, right = false } = pairs;
  const people = new Map<string, string>();
  const access = new Map<string, { session: Session; generation: number }>();
  const held = new Map<string, { session: Session; used: boolean }>();
  const issue = (session: Session): Reply => {
    session.generation++;
    const one = jwt ? webToken({ sub: session.name }) : newToken();
    const other = jwt === "both" ? webToken({ sub: session.name, use: "refresh" }) : newToken();
    access.set(one, { session, generation: session.generation });
    held.set(other, { session, used: false });
    if (carriedBy === "cookie")
      return {
        status: 200,
        body: filled(shape, one),
        headers: { "set-cookie": `rt=${other}; HttpOnly; Path=/` },
      };
    return { status: 200, body: filled(shape, one, other) };
  };
  const sessionOf = (token: string): Session | undefined => {
    const found = access.get(token);
    return found && (!endsAccess || found.generation === found.session.generation)
      ? found.session
      : undefined;
  };
  const routes: Routes = {
    "POST /join": ({ body: { name, password } }) => {
      if (people.has(name)) return { status: 409, body: {} };
      secrets.add(password);
      people.set(name, password);
      return { status: 201, body: {} };
    },
    "POST /enter": ({ body: { name, password } }) =>
      people.get(name) === password ? issue({ name, generation: 0 }) : unauthorized,
    "GET /me": ({ token }) => {
      const session = sessionOf(token);
      return session ? { status: 200, body: { name: session.name } } : unauthorized;
    },
    "POST /enter/again": async (call) => {
      const known = held.get(refreshOf(call, carriedBy, shape) ?? "");
      if (!known || known.used) return unauthorized;
      if (right) known.used = true;
      await sleep(WORK_MS);
      known.used = true;
      return issue(known.session);
    },
  };
  return serve(routes, documentOf(shape, carriedBy));
}

function filled(shape: Pairs["shape"], access: string, refresh?: string): object {
  if (shape === "snake")
    return { token_type: "bearer", expires_in: 900, access_token: access, refresh_token: refresh };
  if (shape === "nested") return { success: true, data: { tokens: { access, refresh } } };
  // As a popular template of Express has it: the expiry stands beside each.
  if (shape === "objects")
    return {
      access: { token: access, expires: new Date(Date.now() + 900_000).toISOString() },
      refresh: { token: refresh, expires: new Date(Date.now() + 86_400_000).toISOString() },
    };
  return { accessToken: access, refreshToken: refresh, expiresIn: 900 };
}

function refreshOf(
  { body: given, headers, token }: Call,
  carriedBy: Pairs["carriedBy"],
  shape: Pairs["shape"],
): string | undefined {
  if (carriedBy === "authorization") return token;
  if (carriedBy === "header") return String(headers["x-refresh-token"]);
  if (carriedBy === "cookie") return /rt=([^;]+)/.exec(headers.cookie ?? "")?.[1];
  return shape === "snake" ? given.refresh_token : given.refreshToken;
}

const string = { type: "string" };
const object = (properties: object) => ({ type: "object", properties });
const ANSWERS = {
  camel: { accessToken: string, refreshToken: string, expiresIn: { type: "integer" } },
  snake: { access_token: string, refresh_token: string, expires_in: { type: "integer" } },
  nested: {
    success: { type: "boolean" },
    data: object({ tokens: object({ access: string, refresh: string }) }),
  },
  objects: {
    access: object({ token: string, expires: string }),
    refresh: object({ token: string, expires: string }),
  },
};

function documentOf(shape: NonNullable<Pairs["shape"]>, carriedBy: Pairs["carriedBy"]): object {
  const login = { name: { type: "string", minLength: 3 }, password: { type: "string", format: "password" } };
  const given = answer(ANSWERS[shape]);
  const taken = {
    body: { requestBody: body({ [shape === "snake" ? "refresh_token" : "refreshToken"]: string }) },
    header: { parameters: [{ in: "header", name: "X-Refresh-Token", required: true, schema: string }] },
    authorization: { security: [{ refreshToken: [] }] },
    cookie: { parameters: [{ in: "cookie", name: "rt", required: true, schema: string }] },
  };
  const bearer = { type: "http", scheme: "bearer" };
  return {
    openapi: "3.1.0",
    info: { title: "Pairs", version: "1" },
    components: {
      securitySchemes: {
        session: bearer,
        ...(carriedBy === "authorization" ? { refreshToken: bearer } : {}),
      },
    },
    paths: {
      "/join": { post: { requestBody: body(login), responses: { 201: answer({}), 409: answer({}) } } },
      "/enter": { post: { requestBody: body(login), responses: { 200: given, 401: answer({}) } } },
      "/enter/again": { post: { ...taken[carriedBy ?? "body"], responses: { 200: given, 401: answer({}) } } },
      "/me": { get: { security: [{ session: [] }], responses: { 200: answer({ name: string }) } } },
    },
  };
}
