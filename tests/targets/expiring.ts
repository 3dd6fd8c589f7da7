import { Accounts, answer, body, unauthorized } from "./accounts.ts";
import { type Reply, type Routes, sleep, type Target } from "./api.ts";
import { serveAtHead } from "./at-head.ts";
import { expiryOf, webToken } from "./web-token.ts";

/** Where it is said how long a token lives. */
export type Told = "expiresIn" | "expiresAt" | "jwt" | "nowhere";

/** When the token of a call is looked at: once, or once more before the points are added. */
export type Looks = "at the head" | "before the work" | "again" | "again, three calls at once";

/** A control run of twelve calls has to fit, on a busy machine as well. */
const LIFE_MS = 3000;
/** Wide enough for a busy machine. */
const WORK_MS = 60;

/** Signs in for three seconds; points are added when the body is there, and some work is done. */
export async function expiringTarget(told: Told, looks: Looks = "at the head"): Promise<Target> {
  const accounts = new Accounts();
  const underWay = new Map<string, number>();
  const signIn = (name: string): Reply => {
    const { account } = accounts.byName.get(name) as { account: { name: string; points: number } };
    const jwt = told === "jwt" ? webToken({ sub: name }, LIFE_MS) : undefined;
    // In whole seconds, as nearly all tell their times: up to one second of its life is over when it is issued.
    const lifeMs = jwt ? expiryOf(jwt) - Date.now() : LIFE_MS;
    const token = accounts.issue(account, lifeMs, jwt);
    return { status: 200, body: { accessToken: token, ...lifeIn(told) } };
  };
  const routes: Routes = {
    "POST /join": ({ body: { name, password } }) =>
      accounts.add(name, password) ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /enter": ({ body: { name, password } }) =>
      accounts.check(name, password) ? signIn(name) : unauthorized,
    "GET /me": ({ token }) => {
      const account = accounts.holder(token);
      return account ? { status: 200, body: { points: account.points } } : unauthorized;
    },
  };
  const add = async (token: string, given: Promise<{ points: number }>): Promise<Reply> => {
    const atHead = accounts.holder(token);
    const { points } = await given;
    const before = looks === "at the head" ? atHead : accounts.holder(token);
    const busy = underWay.get(token) ?? 0;
    // Whoever counts calls may say it with the same words.
    if (!before || (looks === "again, three calls at once" && busy >= 3)) return unauthorized;
    underWay.set(token, busy + 1);
    if (looks !== "at the head") await sleep(WORK_MS);
    underWay.set(token, (underWay.get(token) ?? 1) - 1);
    const account = looks.startsWith("again") ? accounts.holder(token) : before;
    if (!account) return unauthorized;
    account.points += points;
    return { status: 200, body: {} };
  };
  return serveAtHead(routes, { "POST /points": add }, documentOf(told));
}

function lifeIn(told: Told): object {
  const ends = Date.now() + LIFE_MS;
  if (told === "expiresIn") return { expiresIn: LIFE_MS / 1000 };
  return told === "expiresAt" ? { expiresAt: new Date(ends).toISOString() } : {};
}

function documentOf(told: Told): object {
  const login = { name: { type: "string", minLength: 3 }, password: { type: "string", format: "password" } };
  const protectedBy = [{ session: [] }];
  const life = Object.fromEntries(
    Object.entries(lifeIn(told)).map(([key, value]) => [key, { type: typeof value }]),
  );
  const token = answer({ accessToken: { type: "string" }, ...life });
  const format = told === "jwt" ? { bearerFormat: "JWT" } : {};
  const points = { type: "integer", minimum: 1 };
  return {
    openapi: "3.1.0",
    info: { title: "Expiring", version: "1" },
    components: { securitySchemes: { session: { type: "http", scheme: "bearer", ...format } } },
    paths: {
      "/join": { post: { requestBody: body(login), responses: { 201: answer({}), 409: answer({}) } } },
      "/enter": { post: { requestBody: body(login), responses: { 200: token, 401: answer({}) } } },
      "/me": { get: { security: protectedBy, responses: { 200: answer({ points }) } } },
      "/points": {
        post: { security: protectedBy, requestBody: body({ points }), responses: { 200: answer({}) } },
      },
    },
  };
}
