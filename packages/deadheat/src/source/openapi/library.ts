import { objectOf, type Schema, STRING } from "./schema.ts";

/** What a library's view takes and gives, by the last part of its dotted name. */
export interface LibraryView {
  readonly takes?: Schema;
  readonly gives?: Schema;
  readonly status?: number;
  /** Nobody has to be signed in. */
  readonly open?: true;
  readonly lifecycle?: "login" | "refresh" | "revoke" | "password";
}

const PASSWORD: Schema = { type: "string", format: "password", writeOnly: true };
const login = objectOf({ username: STRING, password: PASSWORD }, ["username", "password"]);
const texts = (...names: string[]) => objectOf(Object.fromEntries(names.map((one) => [one, STRING])), names);

const authToken: LibraryView = { takes: login, gives: texts("token"), open: true, lifecycle: "login" };

/** rest_framework.authtoken, simplejwt, knox, dj-rest-auth: their views are not in the project's source. */
const VIEWS: Readonly<Record<string, LibraryView>> = {
  ObtainAuthToken: authToken,
  obtain_auth_token: authToken,
  TokenObtainPairView: { takes: login, gives: texts("access", "refresh"), open: true, lifecycle: "login" },
  TokenObtainSlidingView: { takes: login, gives: texts("token"), open: true, lifecycle: "login" },
  TokenRefreshView: { takes: texts("refresh"), gives: texts("access"), open: true, lifecycle: "refresh" },
  TokenRefreshSlidingView: { takes: texts("token"), gives: texts("token"), open: true, lifecycle: "refresh" },
  TokenVerifyView: { takes: texts("token"), open: true },
  TokenBlacklistView: { takes: texts("refresh"), open: true, lifecycle: "revoke" },
  "knox.views.LoginView": { gives: texts("token", "expiry"), lifecycle: "login" },
  "knox.views.LogoutView": { status: 204, lifecycle: "revoke" },
  "knox.views.LogoutAllView": { status: 204, lifecycle: "revoke" },
  "dj_rest_auth.views.LoginView": { takes: login, gives: texts("key"), open: true, lifecycle: "login" },
  "dj_rest_auth.views.LogoutView": { lifecycle: "revoke" },
  "dj_rest_auth.registration.views.RegisterView": {
    takes: objectOf(
      {
        username: STRING,
        email: { type: "string", format: "email" },
        password1: PASSWORD,
        password2: PASSWORD,
      },
      ["username", "password1", "password2"],
    ),
    gives: texts("key"),
    status: 201,
    open: true,
  },
};

/** Of several dotted names (a class and those above it), the first that is known. */
export function libraryView(names: readonly string[]): LibraryView | undefined {
  for (const name of names) {
    const found = VIEWS[name] ?? VIEWS[name.split(".").at(-1) as string];
    if (found) return found;
  }
  return undefined;
}
