import type { Program } from "../effects/program.ts";
import type { Expression } from "../parse/syntax.ts";
import { classNamed } from "../project/class-named.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import type { Route } from "../project/routes.ts";
import type { Schema } from "./schema.ts";
import type { Reached } from "./walk.ts";

/** A security scheme and the name that it goes by in the document. */
export interface Scheme {
  readonly name: string;
  readonly scheme: Schema;
}

const bearer = (name: string, jwt = false): Scheme => ({
  name,
  scheme: { type: "http", scheme: "bearer", ...(jwt ? { bearerFormat: "JWT" } : {}) },
});
/** As drf-spectacular writes DRF's tokens: OpenAPI has no scheme with a word of one's own before the token. */
const worded = (name: string, word: string): Scheme =>
  word === "Bearer"
    ? bearer(name)
    : {
        name,
        scheme: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: `Token-based authentication with required prefix "${word}"`,
        },
      };
const COOKIE: Scheme = { name: "cookieAuth", scheme: { type: "apiKey", in: "cookie", name: "sessionid" } };
const BASIC: Scheme = { name: "basicAuth", scheme: { type: "http", scheme: "basic" } };

/** The schemes of which one lets a request in; none where anybody may. */
export interface Access {
  readonly schemes: readonly Scheme[];
  readonly open: boolean;
}

/** Who may call a route, from its authenticators and permissions, or from what a plain view reads. */
export function accessOf(program: Program, route: Route, reached: readonly Reached[]): Access {
  const rest = isRest(program, route);
  if (!rest) return plainAccess(program, route, reached);
  const given = route.authenticators.length > 0 ? route.authenticators : DRF_DEFAULTS;
  const own = reached.some(({ fn }) => /\bAuthorization\b|HTTP_AUTHORIZATION/.test(fn.text()));
  const schemes = unique([
    ...given.flatMap((one) => authenticatorScheme(program, route, one)),
    ...(own ? plainAccess(program, route, reached).schemes : []),
  ]);
  return { schemes, open: isOpen(program, route, reached) };
}

/** DRF's own, where the settings say nothing. */
const DRF_DEFAULTS = ["SessionAuthentication", "BasicAuthentication"];

export function isRest({ project }: Program, { view, entry, authenticators, permissions }: Route): boolean {
  if (authenticators.length > 0 || permissions.length > 0) return true;
  if (view)
    return project.lineage(view).external.some((one) => /rest_framework|(API(View)?|ViewSet)$/.test(one));
  return entry?.signature().decorators.some((one) => /(^|\.)api_view$/.test(textOf(one))) === true;
}

/** Asks for somebody who is signed in, by its name or by what it builds on. */
const ASKS =
  /^(IsAuthenticated|IsAdminUser|IsStaff|IsSuperuser|DjangoModelPermissions|DjangoObjectPermissions|TokenHas\w+|HasScope\w*)$/;

/**
 * `AllowAny`, or no permission at all, unless the handler asks who is calling. A permission of the project's own may let
 * anybody read: nothing is declared by it.
 */
function isOpen(program: Program, route: Route, reached: readonly Reached[]): boolean {
  const { permissions, method } = route;
  if (permissions.some((one) => /ReadOnly$/.test(one)) && method === "GET") return true;
  const chosen = route.view && program.project.method(route.view, "get_permissions");
  // Some of its actions let anybody in; which ones is not told by names alone.
  if (chosen && /AllowAny|\[\]|ReadOnly/.test(chosen.text())) return true;
  if (permissions.some((one) => asksForSomebody(program, route, one))) return false;
  if (permissions.some((one) => !/AllowAny$/.test(one))) return true;
  if (chosen) return false;
  return !reached.some(({ fn }) => /request\.(user|auth)\b/.test(fn.text()));
}

function asksForSomebody(program: Program, { module, view }: Route, name: string): boolean {
  const last = name.split(".").at(-1) as string;
  if (ASKS.test(last)) return true;
  const cls = classNamed(program.project, view?.module ?? module, name);
  if (!cls) return false;
  const { classes, external } = program.project.lineage(cls);
  if (external.some((one) => ASKS.test(one.split(".").at(-1) as string))) return true;
  const allowed = classes.flatMap((one) => one.methods.get("has_permission")?.text() ?? []);
  return allowed.some((text) => /is_authenticated/.test(text) && !/SAFE_METHODS/.test(text));
}

function authenticatorScheme(program: Program, { module, view }: Route, name: string): Scheme[] {
  const last = name.split(".").at(-1) as string;
  const cls = classNamed(program.project, view?.module ?? module, name);
  if (cls) return [customScheme(program, cls)];
  if (/JWT|JSONWebToken|JWTStateless/.test(last)) return [jwtScheme(program)];
  if (/knox/.test(name))
    return [worded("knoxToken", textSetting(program, "REST_KNOX", "AUTH_HEADER_PREFIX") ?? "Token")];
  if (/Session/.test(last)) return [COOKIE];
  if (/Basic/.test(last)) return [BASIC];
  if (/OAuth2|Bearer/.test(last)) return [bearer("bearerAuth")];
  return /Token/.test(last) ? [worded("tokenAuth", "Token")] : [];
}

function jwtScheme(program: Program): Scheme {
  const word = textSetting(program, "SIMPLE_JWT", "AUTH_HEADER_TYPES") ?? "Bearer";
  return word === "Bearer" ? bearer("jwtAuth", true) : worded("jwtAuth", word);
}

/** An authenticator of the project's own: by its keyword, by what it builds on, by what its text reads. */
function customScheme(program: Program, cls: ClassDefinition): Scheme {
  const { external, classes } = program.project.lineage(cls);
  const name = lowerFirst(cls.name.replace(/Authenticat(ion|or)$/, "") || cls.name);
  const keyword = program.project.attribute(cls, "keyword")?.value;
  if (keyword?.kind === "string") return worded(name, keyword.value);
  if (external.some((one) => /JWT/.test(one))) return { ...jwtScheme(program), name };
  if (external.some((one) => /(^|\.)TokenAuthentication$/.test(one))) return worded(name, "Token");
  if (external.some((one) => /SessionAuthentication$/.test(one))) return COOKIE;
  const text = classes.flatMap((one) => [...one.methods.values()].map((fn) => fn.text())).join("\n");
  return schemeInText(name, text) ?? bearer(name);
}

const HEADER =
  /(?:META(?:\.get\(|\[)\s*["']HTTP_([A-Z_]+)["'])|(?:headers(?:\.get\(|\[)\s*["']([\w-]+)["'])/g;

/** What a function that reads credentials itself expects: a word before the token, a header, a cookie. */
function schemeInText(name: string, text: string): Scheme | undefined {
  const headers = [...text.matchAll(HEADER)].map((match) =>
    (match[1] ?? match[2] ?? "").replaceAll("_", "-").toLowerCase(),
  );
  if (headers.includes("authorization") || /get_authorization_header/.test(text)) {
    const word = /["'](Bearer|Token|JWT|Api-Key)\b ?["']/i.exec(text)?.[1];
    return word === undefined || /^bearer$/i.test(word) ? bearer(name) : worded(name, word);
  }
  const own = headers.find((one) => /token|key|auth|secret/.test(one));
  if (own) return { name, scheme: { type: "apiKey", in: "header", name: own } };
  const cookie = /COOKIES(?:\.get\(|\[)\s*["']([\w-]+)["']/.exec(text)?.[1];
  return cookie === undefined
    ? undefined
    : { name: `${name}Cookie`, scheme: { type: "apiKey", in: "cookie", name: cookie } };
}

const REFUSES = /\b40[13]\b|Unauthorized|Forbidden|PermissionDenied|NotAuthenticated|AuthenticationFailed/;

/** Plain Django: the handler, its decorators, its class's `dispatch` and the project's middleware. */
function plainAccess(program: Program, route: Route, reached: readonly Reached[]): Access {
  const decorators = decoratorsOf(program, route);
  const texts = [...reached.map(({ fn }) => fn.text()), ...decorators.map((one) => one.text)];
  const dispatch = route.view && program.project.method(route.view, "dispatch");
  if (dispatch) texts.push(dispatch.text());
  const found = schemeInText("bearerAuth", texts.join("\n"));
  // Who reads a token and refuses nobody may serve anybody.
  if (found) return { schemes: [found], open: !REFUSES.test(texts.join("\n")) };
  const asksSession =
    decorators.some(({ name }) => /(login|permission|user_passes).*(required|test)$/.test(name)) ||
    (route.view !== undefined &&
      program.project.lineage(route.view).external.some((one) => /LoginRequiredMixin$/.test(one)));
  const asksUser = asksSession || texts.some((one) => /request\.user\b/.test(one));
  if (!asksUser) return { schemes: [], open: true };
  const middleware = middlewareScheme(program);
  return { schemes: middleware && !asksSession ? [middleware] : [COOKIE], open: false };
}

function decoratorsOf(program: Program, { entry, view }: Route): { name: string; text: string }[] {
  const given: { expression: Expression; module: Route["module"] }[] = [
    ...(entry?.signature().decorators ?? []).map((expression) => ({
      expression,
      module: (entry as { module: Route["module"] }).module,
    })),
    ...(view?.decorators ?? []).map((expression) => ({
      expression,
      module: (view as ClassDefinition).module,
    })),
  ];
  return given.map(({ expression, module }) => {
    // `@method_decorator(token_required, name="dispatch")`: what is inside.
    const inner =
      expression.kind === "call" && /method_decorator$/.test(textOf(expression))
        ? (expression.args[0]?.value ?? expression)
        : expression;
    const callee = inner.kind === "call" ? inner.callee : inner;
    const found = program.project.resolve(module, callee);
    return { name: textOf(callee), text: found?.kind === "function" ? withCalled(program, found) : "" };
  });
}

/** A decorator's text, and that of the functions of its module that it names: `get_user_from_token(request)`. */
function withCalled({ project }: Program, fn: { readonly module: Route["module"]; text(): string }): string {
  const text = fn.text();
  const called = [...text.matchAll(/\b(\w+)\(/g)].flatMap(([, name]) => {
    const found = project.lookup(fn.module, name as string);
    return found?.kind === "function" && found !== fn ? [found.text()] : [];
  });
  return [text, ...called].join("\n");
}

function middlewareScheme(program: Program): Scheme | undefined {
  const given = program.settings.values.get("MIDDLEWARE");
  const names =
    given?.kind === "sequence"
      ? given.items.flatMap((one) => (one.kind === "string" ? [one.value] : []))
      : [];
  for (const name of names) {
    const last = name.split(".").at(-1) as string;
    for (const cls of program.project.classesNamed(last)) {
      const text = [...cls.methods.values()].map((fn) => fn.text()).join("\n");
      const found = schemeInText("bearerAuth", text);
      if (found) return found;
    }
  }
  return undefined;
}

function textSetting(program: Program, name: string, key: string): string | undefined {
  const value = program.settings.values.get(name);
  if (value?.kind !== "dictionary") return undefined;
  const given = value.pairs.find((one) => one.key?.kind === "string" && one.key.value === key)?.value;
  const first = given?.kind === "sequence" ? given.items[0] : given;
  return first?.kind === "string" ? first.value : undefined;
}

function unique(schemes: readonly Scheme[]): Scheme[] {
  return [...new Map(schemes.map((one) => [one.name, one])).values()];
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
