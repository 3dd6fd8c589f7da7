import { type Account, type Accounts, type AccountsTarget, accountsTarget } from "./accounts.ts";
import { type Call, newToken, type Reply, serve, type Target } from "./api.ts";

export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly authentication: "basic" | "body";
}

/** A token endpoint (RFC 6749 §3.2) that checks its client, and the API that takes its tokens. */
export async function oauth2Target(client: Client): Promise<{
  readonly api: AccountsTarget;
  /** The same endpoint on an origin of its own. */
  readonly issuer: Target & { readonly forms: Record<string, string>[] };
  readonly refresh: string;
  stop(): Promise<void>;
}> {
  const refresh = newToken();
  const refreshTokens = new Map<string, string>([[refresh, "alice"]]);
  const forms: Record<string, string>[] = [];
  const endpoint =
    (accounts: Accounts) =>
    (call: Call): Reply => {
      forms.push(call.body);
      if (call.headers["content-type"] !== "application/x-www-form-urlencoded")
        return refused("invalid_request");
      if (!authenticates(client, call)) return refused("invalid_client", 401);
      const account = grantee(accounts, call.body, refreshTokens);
      if (!account) return refused("invalid_grant");
      const body = { access_token: accounts.issue(account, 2000), token_type: "Bearer", expires_in: 2 };
      if (call.body.grant_type === "client_credentials") return { status: 200, body };
      const next = newToken();
      refreshTokens.set(next, account.name);
      return { status: 200, body: { ...body, refresh_token: next } };
    };
  const api = await accountsTarget({ routes: (accounts) => ({ "POST /o/token/": endpoint(accounts) }) });
  api.accounts.add("alice", "Pw of älice & co");
  api.accounts.add("service", newToken());
  const issuer = await serve({ "POST /o/token/": endpoint(api.accounts) }, {});
  return {
    api,
    issuer: { ...issuer, forms },
    refresh,
    async stop() {
      await api.stop();
      await issuer.stop();
    },
  };
}

function refused(error: string, status = 400): Reply {
  return { status, body: { error } };
}

/** RFC 6749 §2.3.1, appendix B: id and secret are form-encoded before they are joined. */
function authenticates({ id, secret, authentication }: Client, { headers, body }: Call): boolean {
  if (authentication === "body") return body.client_id === id && body.client_secret === secret;
  const encoded = /^Basic (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
  const parts = Buffer.from(encoded, "base64").toString("utf8").split(":");
  const [givenId, givenSecret] = parts.map((part) => new URLSearchParams(`v=${part}`).get("v"));
  return parts.length === 2 && givenId === id && givenSecret === secret && !("client_secret" in body);
}

/** Whom the grant is for; a refresh token is taken once. */
function grantee(
  accounts: Accounts,
  form: Record<string, string>,
  refreshTokens: Map<string, string>,
): Account | undefined {
  if (form.grant_type === "password") return accounts.check(form.username ?? "", form.password ?? "");
  if (form.grant_type === "client_credentials") return accounts.byName.get("service")?.account;
  const name = refreshTokens.get(form.refresh_token ?? "");
  refreshTokens.delete(form.refresh_token ?? "");
  return form.grant_type === "refresh_token" && name !== undefined
    ? accounts.byName.get(name)?.account
    : undefined;
}
