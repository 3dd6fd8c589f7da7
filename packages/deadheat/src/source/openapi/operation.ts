import type { Program } from "../effects/program.ts";
import { textOf } from "../project/project.ts";
import type { Route } from "../project/routes.ts";
import { type Answer, answersOf, serializerNamed, serializerOf } from "./answer.ts";
import { readRequest } from "./body.ts";
import { type LibraryView, libraryView } from "./library.ts";
import { objectOf, type Schema, STRING } from "./schema.ts";
import { accessOf, isRest, type Scheme } from "./security.ts";
import { serializerSchema } from "./serializers.ts";
import { nodesIn, type Reached, reachedFrom } from "./walk.ts";

export interface Described {
  readonly method: string;
  readonly path: string;
  readonly schemes: readonly Scheme[];
  readonly node: Readonly<Record<string, unknown>>;
}

/** Words for what a viewset's action or a generic view does, in front of what it is about. */
const VERBS: Readonly<Record<string, string>> = {
  list: "list",
  create: "create",
  retrieve: "get",
  update: "replace",
  partial_update: "update",
  destroy: "delete",
};
const OF_METHOD: Readonly<Record<string, string>> = {
  GET: "retrieve",
  POST: "create",
  PUT: "update",
  PATCH: "partial_update",
  DELETE: "destroy",
};

/** One route as an OpenAPI operation. `ANY` is told as what a plain view most likely answers. */
export function describe(program: Program, route: Route, operationId: string): Described {
  const { project } = program;
  const library = libraryView([
    ...(route.library === undefined ? [] : [route.library]),
    ...(route.view ? project.lineage(route.view).external : []),
  ]);
  const reached = route.entry ? reachedFrom(project, route.entry, route.view) : hooksOf(program, route);
  const request = readRequest(project, reached);
  const method = route.method === "ANY" ? guessed(reached, request.body !== undefined) : route.method;
  // Nobody has to be known, and nothing but what DRF tries on its own accord would tell who it is.
  const found = library?.open ? { schemes: [], open: true } : accessOf(program, route, reached);
  const tokens = found.schemes.some(({ name }) => name !== "cookieAuth" && name !== "basicAuth");
  const access = found.open && !tokens ? { schemes: [], open: true } : found;
  const takes = bodyOf(program, route, method, reached, library, request.body);
  const answers = given(program, route, method, reached, library);
  const parameters = [
    ...[...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: STRING,
    })),
    ...(method === "GET" ? request.query.map((name) => ({ name, in: "query", schema: STRING })) : []),
  ];
  return {
    method,
    path: route.path,
    schemes: access.schemes,
    node: {
      operationId,
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(takes ? { requestBody: takes } : {}),
      responses: responsesOf(answers),
      ...(access.schemes.length > 0
        ? { security: [...(access.open ? [{}] : []), ...access.schemes.map(({ name }) => ({ [name]: [] }))] }
        : { security: [] }),
      ...(library?.lifecycle ? { "x-deadheat": { lifecycle: library.lifecycle } } : {}),
    },
  };
}

/** A view without a method restriction answers all of them; what it reads tells which is meant. */
function guessed(reached: readonly Reached[], takesBody: boolean): string {
  const text = reached.map(({ fn }) => fn.text()).join("\n");
  const named = /request\.method\s*(?:==|!=)\s*["'](\w+)["']/.exec(text)?.[1];
  if (named && named !== "OPTIONS") return named;
  return takesBody || /\.(save|create|delete|update)\(/.test(text) ? "POST" : "GET";
}

/** Of a generic view that the library answers for: what it lets the project do in between. */
function hooksOf({ project }: Program, { view }: Route): Reached[] {
  if (!view) return [];
  return ["perform_create", "perform_update", "get_queryset", "get_object"].flatMap((name) => {
    const fn = project.method(view, name);
    return fn ? [{ fn, node: fn.decode() }] : [];
  });
}

function actionOf(route: Route, method: string): string {
  if (route.action !== undefined) return route.action;
  const name = route.entry?.name ?? "";
  const isHandler = /^(get|post|put|patch|delete)$/.test(name);
  return route.entry && !isHandler ? name : (OF_METHOD[method] ?? name);
}

function bodyOf(
  program: Program,
  route: Route,
  method: string,
  reached: readonly Reached[],
  library: LibraryView | undefined,
  read: ReturnType<typeof readRequest>["body"],
): Schema | undefined {
  if (method === "GET" || method === "DELETE") return undefined;
  const asked = requestSerializer(program, route, method, reached);
  const schema = asked ?? read?.schema ?? library?.takes;
  if (!schema || Object.keys((schema.properties as object | undefined) ?? {}).length === 0) return undefined;
  const form = !asked && read?.form === true && !isRest(program, route);
  const required = method !== "PATCH" && Array.isArray(schema.required) && schema.required.length > 0;
  return {
    ...(required ? { required: true } : {}),
    content: {
      [form ? "application/x-www-form-urlencoded" : "application/json"]: {
        // Nothing of a partial update has to be there.
        schema: method === "PATCH" ? objectOf(schema.properties as Record<string, Schema>) : schema,
      },
    },
  };
}

/** `XSerializer(data=request.data)` in the handler; else the view's own, where its handler or the library uses it. */
function requestSerializer(
  program: Program,
  route: Route,
  method: string,
  reached: readonly Reached[],
): Schema | undefined {
  for (const { fn, node } of reached)
    for (const one of nodesIn(node)) {
      if (one.kind !== "call" || !one.args.some((arg) => arg.name === "data")) continue;
      const cls = serializerNamed(program, fn, route.view, one.callee, route.action);
      if (cls) return serializerSchema(program, cls, "request");
    }
  if (!route.view || !usesOwnSerializer(reached, route)) return undefined;
  const own = serializerOf(program, route.view, actionOf(route, method));
  return own && serializerSchema(program, own, "request");
}

function usesOwnSerializer(reached: readonly Reached[], { entry }: Route): boolean {
  if (!entry) return true;
  return reached.some(({ fn }) =>
    /self\.(get_serializer|create|update|partial_update|serializer_class)\b|super\(\)\.(create|update|partial_update|post|put|patch)\(/.test(
      fn.text(),
    ),
  );
}

function given(
  program: Program,
  route: Route,
  method: string,
  reached: readonly Reached[],
  library: LibraryView | undefined,
): Answer[] {
  const shown = route.entry ? answersOf(program, reached, route.view) : [];
  if (shown.some(({ status }) => status >= 200 && status < 300)) return shown;
  if (library)
    return [{ status: library.status ?? 200, ...(library.gives ? { schema: library.gives } : {}) }, ...shown];
  const action = actionOf(route, method);
  if (action === "destroy") return [{ status: 204 }, ...shown];
  const own = route.view && serializerOf(program, route.view, action);
  const schema = own && serializerSchema(program, own, "response");
  const isList = action === "list" || (action === "retrieve" && isListView(program, route));
  const content = schema && isList ? listed(program, schema) : schema;
  return [
    { status: action === "create" && own ? 201 : 200, ...(content ? { schema: content } : {}) },
    ...shown,
  ];
}

function isListView({ project }: Program, { view, path }: Route): boolean {
  const bases = view ? project.lineage(view).external : [];
  return (
    bases.some((one) => /List(Create)?(APIView|ModelMixin)?$/.test(one)) &&
    !path.replace(/\/$/, "").endsWith("}")
  );
}

function listed({ settings }: Program, items: Schema): Schema {
  const paged = settings.values.get("REST_FRAMEWORK");
  const isPaged =
    paged?.kind === "dictionary" &&
    paged.pairs.some(
      ({ key, value }) =>
        key?.kind === "string" &&
        key.value === "DEFAULT_PAGINATION_CLASS" &&
        textOf(value) !== "None" &&
        value.kind !== "constant",
    );
  const array = { type: "array", items };
  return isPaged ? objectOf({ count: { type: "integer" }, results: array }) : array;
}

const PHRASES: Readonly<Record<number, string>> = {
  204: "Nothing to tell.",
  401: "Not signed in.",
  404: "Not there.",
};

function responsesOf(answers: readonly Answer[]): Schema {
  const told = answers.length > 0 ? answers : [{ status: 200 } as Answer];
  return Object.fromEntries(
    told.map(({ status, schema }) => [
      String(status),
      {
        description: PHRASES[status] ?? (status < 300 ? "Done." : "Refused."),
        ...(schema && status < 300 ? { content: { "application/json": { schema } } } : {}),
      },
    ]),
  );
}

/** `createOrder`, `redeemCoupon`, `performOperation`: from the action, or from the view's name. */
export function operationIdOf({ entry, view, method, path, library, action }: Route): string {
  const about = (view?.name ?? library?.split(".").at(-1) ?? "").replace(
    /(API)?(View(Set)?|Endpoint|Api)$/,
    "",
  );
  const name = action ?? entry?.name ?? "";
  if (!view && entry) return camel(name);
  const verb = /^(get|post|put|patch|delete)?$/.test(name) ? method.toLowerCase() : (VERBS[name] ?? name);
  return camel(`${verb} ${about || path.replace(/\{[^}]*\}/g, "")}`);
}

function camel(text: string): string {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((one) => one !== "");
  return words
    .map((one, index) => (index === 0 ? one.toLowerCase() : one.slice(0, 1).toUpperCase() + one.slice(1)))
    .join("");
}
