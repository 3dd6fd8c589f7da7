import { Accounts, accountsDocument, answer, body, credential, unauthorized } from "./accounts.ts";
import { newToken, type Reply, serve, sleep, type Target } from "./api.ts";

const WORK_MS = 12;
const INVALID: Reply = { status: 400, body: { error: "invalid_grant" } };

/** A code that a user's session is given, and that a token endpoint exchanges (RFC 6749 §4.1). */
export async function authorizationTarget(racy: boolean): Promise<Target> {
  const accounts = new Accounts();
  const codes = new Map<string, { readonly name: string; used: boolean }>();
  const routes = {
    "POST /members": ({ body: { mail, secret } }: { body: Record<string, string> }) =>
      accounts.add(mail ?? "", secret ?? "") ? { status: 201, body: {} } : { status: 409, body: {} },
    "POST /members/enter": ({ body: { mail, secret } }: { body: Record<string, string> }) => {
      const account = accounts.check(mail ?? "", secret ?? "");
      return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
    },
    "GET /me": (call: Parameters<typeof credential>[0]) => {
      const account = accounts.holder(credential(call));
      return account ? { status: 200, body: { mail: account.name } } : unauthorized;
    },
    "POST /oauth/authorize": (call: Parameters<typeof credential>[0]) => {
      const account = accounts.holder(credential(call));
      if (!account) return unauthorized;
      const code = newToken();
      codes.set(code, { name: account.name, used: false });
      return { status: 200, body: { code } };
    },
    "POST /oauth/token": async ({ body: form }: { body: Record<string, string> }) => {
      const known = codes.get(form.code ?? "");
      if (form.grant_type !== "authorization_code" || form.client_id !== "app") return INVALID;
      if (!known || known.used) return INVALID;
      if (!racy) known.used = true;
      await sleep(WORK_MS);
      known.used = true;
      const account = accounts.byName.get(known.name)?.account;
      if (!account) return INVALID;
      return { status: 200, body: { access_token: accounts.issue(account), token_type: "Bearer" } };
    },
  };
  return serve(routes, documentOf());
}

const text = { type: "string" };

function documentOf(): object {
  const member = body({
    mail: { type: "string", format: "email" },
    secret: { type: "string", format: "password" },
  });
  const form = {
    grant_type: { type: "string", enum: ["refresh_token", "authorization_code"] },
    code: text,
    client_id: { type: "string", example: "app" },
  };
  const guarded = [{ tokenAuth: [] }];
  return {
    ...accountsDocument(),
    paths: {
      "/me": { get: { security: guarded, responses: { 200: answer({ mail: text }) } } },
      "/members": { post: { requestBody: member, responses: { 201: answer({}), 409: answer({}) } } },
      "/members/enter": {
        post: { requestBody: member, responses: { 200: answer({ token: text }), 401: answer({}) } },
      },
      "/oauth/authorize": {
        post: {
          security: guarded,
          requestBody: body({ response_type: { type: "string", enum: ["code"] } }),
          responses: { 200: answer({ code: text }) },
        },
      },
      "/oauth/token": {
        post: {
          requestBody: body(form, "application/x-www-form-urlencoded"),
          responses: { 200: answer({ access_token: text, token_type: text }) },
        },
      },
    },
  };
}
