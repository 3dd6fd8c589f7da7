import { type Call, newToken, type Reply, type Routes, secrets, serve, type Target } from "./api.ts";

interface User {
  readonly name: string;
  readonly password: string;
  level: number;
}

interface Note {
  readonly owner: User;
  text: string;
}

/** One way in which an API is wrong, or right in an odd way. */
export type Control =
  | "right"
  // Right, if odd.
  | "hides behind 404"
  | "200 with an error"
  | "empty for strangers"
  | "optional"
  | "public behind a declaration"
  | "redirects to a login page"
  | "200 to everything"
  | "basic beside bearer"
  | "signs out after 4.5 s"
  | "one session a user"
  | "counts attempts"
  | "shared notes"
  // Wrong.
  | "no check on a note"
  | "no check on a write"
  | "revokes nothing"
  | "revoked still reads";

const REFUSED: Reply = {
  status: 401,
  headers: { "www-authenticate": "Bearer" },
  body: { error: "unauthorized" },
};

class State {
  readonly users = new Map<string, User>();
  readonly tokens = new Map<string, User>();
  readonly revoked = new Map<string, number>();
  readonly notes = new Map<string, Note>();
  readonly counts = { attempts: 0, notes: 0 };
}

/** Notes that are read and written by their owner, a level, and a sign-out. */
export function controlledTarget(control: Control): Promise<Target & { readonly state: State }> {
  const state = new State();
  const holder = (call: Call): User | undefined => {
    const [, token = ""] = /^bearer (.+)$/i.exec(String(call.headers.authorization ?? "")) ?? [];
    const since = state.revoked.get(token);
    const spreads = control === "signs out after 4.5 s" ? 4500 : 0;
    if (since !== undefined && performance.now() - since >= spreads)
      return control === "revoked still reads" && call.method === "GET" ? state.tokens.get(token) : undefined;
    return state.tokens.get(token);
  };
  const refused = refusalOf(control);
  return serve(routesOf(state, control, holder, refused), documentOf(control)).then((target) => ({
    ...target,
    state,
  }));
}

function refusalOf(control: Control): Reply {
  if (control === "hides behind 404") return { status: 404, body: { error: "not found" } };
  if (control === "200 with an error") return { status: 200, body: { error: "log in first" } };
  if (control === "200 to everything") return { status: 200, body: { ok: true } };
  if (control === "redirects to a login page") return { status: 302, headers: { location: "/login" } };
  if (control === "basic beside bearer")
    return { ...REFUSED, headers: { "www-authenticate": 'Basic realm="api", Bearer realm="api"' } };
  return REFUSED;
}

function routesOf(
  state: State,
  control: Control,
  holder: (call: Call) => User | undefined,
  refused: Reply,
): Routes {
  const done = control === "200 to everything" ? { ok: true } : {};
  const noteOf = ({ parameters }: Call) => state.notes.get(parameters.id ?? "");
  const mayRead = (call: Call, note: Note) => {
    if (control === "no check on a note") return true;
    const user = holder(call);
    return control === "shared notes" ? user !== undefined : user === note.owner;
  };
  return {
    "POST /users": ({ body }) => {
      if (state.users.has(body.name)) return { status: 409, body: {} };
      secrets.add(body.password);
      state.users.set(body.name, { ...body, level: 1 });
      return { status: 201, body: {} };
    },
    "POST /sign-in": ({ body }) => {
      const user = state.users.get(body.name);
      if (user?.password !== body.password) return REFUSED;
      if (control === "one session a user")
        for (const [token, other] of state.tokens) if (other === user) state.tokens.delete(token);
      const token = newToken();
      state.tokens.set(token, user as User);
      return { status: 200, body: { token } };
    },
    "POST /sign-out": (call) => {
      if (!holder(call)) return refused;
      if (control !== "revokes nothing") state.revoked.set(call.token, performance.now());
      return { status: 204 };
    },
    "GET /me": (call) => {
      const user = holder(call);
      // Plain in all of them: credentials are learned from it.
      return user ? { status: 200, body: { name: user.name, level: user.level } } : REFUSED;
    },
    "GET /catalogue": (call) =>
      control === "public behind a declaration" || holder(call)
        ? {
            status: 200,
            body: { items: ["a", "b"], version: 7 },
            headers: { "cache-control": "public, max-age=60" },
          }
        : refused,
    "GET /notes": (call) => {
      const user = holder(call);
      if (!user && control !== "empty for strangers" && control !== "optional") return refused;
      const own = [...state.notes].filter(([, note]) => note.owner === user);
      return { status: 200, body: { notes: own.map(([id, { text }]) => ({ id, text })) } };
    },
    "POST /notes": (call) => {
      const user = holder(call);
      if (!user) return refused;
      const id = String(++state.counts.notes);
      state.notes.set(id, { owner: user, text: call.body.text });
      return { status: 201, body: { id, text: call.body.text } };
    },
    "GET /notes/{id}": (call) => {
      const note = noteOf(call);
      if (!note || !mayRead(call, note)) return holder(call) ? { status: 404, body: {} } : refused;
      const attempts = control === "counts attempts" ? { attempts: state.counts.attempts } : {};
      return { status: 200, body: { id: call.parameters.id, text: note.text, ...attempts } };
    },
    "PUT /notes/{id}": (call) => {
      state.counts.attempts++;
      const note = noteOf(call);
      const let_in = control === "no check on a write" || (note && holder(call) === note.owner);
      if (!note || !let_in)
        return control === "counts attempts" ? { status: 200, body: { error: "no" } } : refused;
      note.text = call.body.text;
      return { status: 200, body: done };
    },
    "PUT /level": (call) => {
      const user = holder(call);
      if (!user) return refused;
      user.level = call.body.level;
      return { status: 200, body: done };
    },
  };
}

const object = (properties: Record<string, object>) => ({
  type: "object",
  required: Object.keys(properties),
  properties,
});
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const text = { type: "string" };
const needs = (body: object) => ({ requestBody: { required: true, ...json(object(body as never)) } });
const gives = (properties: object) => ({ 200: { description: "OK", ...json(object(properties as never)) } });
const NOTE = { id: text, text };

function documentOf(control: Control): object {
  const security = [{ bearer: [] }, ...(control === "optional" ? [{}] : [])];
  const basic = control === "basic beside bearer" ? [{ basic: [] }] : [];
  const declared = { security: [...security, ...basic] };
  const always = { security: [{ bearer: [] }] };
  const secret = { name: text, password: { type: "string", format: "password" } };
  const id = { parameters: [{ name: "id", in: "path", required: true, schema: text }] };
  return {
    openapi: "3.1.0",
    info: { title: "Notes", version: "1" },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        basic: { type: "http", scheme: "basic" },
      },
    },
    paths: {
      "/users": { post: { ...needs(secret), responses: { 201: { description: "Made." } } } },
      "/sign-in": { post: { ...needs(secret), responses: gives({ token: text }) } },
      "/sign-out": {
        post: {
          operationId: "signOut",
          security: [{ bearer: [] }],
          responses: { 204: { description: "Gone." } },
        },
      },
      "/me": { get: { ...always, responses: gives({ name: text, level: { type: "integer" } }) } },
      "/catalogue": { get: { ...declared, responses: gives({ version: { type: "integer" } }) } },
      "/notes": {
        get: { ...declared, responses: gives({ notes: { type: "array", items: object(NOTE) } }) },
        post: {
          ...always,
          ...needs({ text }),
          responses: { 201: { description: "Made.", ...json(object(NOTE)) } },
        },
      },
      "/notes/{id}": {
        ...id,
        get: { ...declared, responses: gives(NOTE) },
        put: { ...always, ...needs({ text }), responses: gives({}) },
      },
      "/level": {
        put: {
          ...always,
          ...needs({ level: { type: "integer", minimum: 1, maximum: 99 } }),
          responses: gives({}),
        },
      },
    },
  };
}
