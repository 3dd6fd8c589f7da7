import { type Account, type AccountsTarget, accountsTarget, credential, unauthorized } from "./accounts.ts";
import { type Call, type Reply, type Routes, serve, sleep, type Target } from "./api.ts";

export interface Revoking {
  /** The API, whose document tells nothing of an end of tokens. */
  readonly api: AccountsTarget;
  /** Ends tokens (RFC 7009), on an origin of its own. */
  readonly issuer: Target;
  /** A principal that registers, and how its token ends: at `issuer`, or at the API by the session's number. */
  config(revoke: string): string;
  stop(): Promise<void>;
}

/** Wide enough for a busy machine: a revocation has to be acknowledged and the state read within it. */
const WINDOW_MS = 60;
const FORM = { 200: { description: "Done." } };

/**
 * Points that are added some time after the token was checked: without a second look where it is racy. A
 * revocation waits for what is under way where it is right.
 */
export async function revokingTarget(racy: boolean): Promise<Revoking> {
  const busy = new Map<string, Promise<unknown>>();
  const after = <T>(token: string, work: () => Promise<T>): Promise<T> => {
    const done = (busy.get(token) ?? Promise.resolve()).then(work, work);
    busy.set(token, done);
    return done;
  };
  const api = await accountsTarget({ routes: (accounts) => routesOf(accounts, racy, after) });
  const revoke = async (token: string): Promise<Reply> => {
    const end = async () => api.accounts.issued.delete(token);
    await (racy ? end() : after(token, end));
    return { status: 200, body: {} };
  };
  const issuer = await serve({ "POST /revoke": ({ body }) => revoke(body.token) }, { paths: FORM });
  const user = `json: { username: "\${unique}", password: "\${password}" }`;
  return {
    api,
    issuer,
    config: (how) => `principals:
  visitor:
    register: { request: POST /join, ${user} }
    login: { request: POST /enter, ${user}, token: $.token }
    revoke: ${how}`,
    async stop() {
      await api.stop();
      await issuer.stop();
    },
  };

  function routesOf(accounts: AccountsTarget["accounts"], isRacy: boolean, inTurn: typeof after): Routes {
    const joined = (account: Account | undefined) => (account ? { status: 201, body: {} } : unauthorized);
    return {
      "POST /join": ({ body }) => joined(accounts.add(body.username, body.password)),
      "POST /enter": ({ body }) => {
        const account = accounts.check(body.username, body.password);
        return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
      },
      "GET /session": ({ headers, ...call }) => {
        const token = credential({ headers, ...call } as Call);
        return accounts.holder(token) ? { status: 200, body: { number: numberOf(token) } } : unauthorized;
      },
      "DELETE /sessions/{number}": async ({ parameters }) => {
        const token = [...accounts.issued.keys()].find((one) => numberOf(one) === parameters.number);
        return token === undefined ? { status: 404 } : revoke(token);
      },
      "POST /points": async (call) => {
        const token = credential(call) ?? "";
        const add = async () => {
          const account = accounts.holder(token);
          if (!account) return unauthorized;
          await sleep(WINDOW_MS);
          account.points += call.body.points;
          return { status: 200, body: {} };
        };
        return isRacy ? add() : inTurn(token, add);
      },
    };
  }
}

/** What a session is called by: not the token itself. */
function numberOf(token: string | undefined): string {
  return [...(token ?? "")].map((one) => one.charCodeAt(0)).join("");
}
