import type { Operation } from "../../plan/operation.ts";
import type { CredentialPlan, Plan } from "../../plan/plan.ts";
import { bodyLine, flow, isPlain, jsonPathOf, requestLine } from "./body.ts";

export interface DraftOptions {
  /** As the file will name it. */
  readonly document: string;
  /** Origin of the running API, where it is known. */
  readonly target?: string;
  /** Operations that are left out unless they are named. */
  readonly withheld: readonly Operation[];
}

const MOST = 8;

/**
 * A deadheat.yaml for the API of a plan: what is known is set, and what the user may have to say is there as
 * comments that hold once their `#` is removed. Explanations begin with `# `, commented keys with `#` alone.
 */
export function draftConfig(plan: Plan, options: DraftOptions): string {
  const sections = [
    [
      "# yaml-language-server: $schema=./node_modules/deadheat/schema/config.schema.json",
      `# ${oneLine(plan.title)}: what deadheat needs to know about it. Lines that begin with # and a key`,
      "# are examples: remove the # to use them. Every key is explained in docs/config.md.",
      "",
      `document: ${flow(options.document)}`,
    ],
    target(plan, options),
    principals(plan),
    objects(plan),
    optIn(options.withheld),
    [
      `# Codes that the API sends by mail: \${mail.code} in a request is the code in the next one.`,
      "#mail:",
      "#  smtp: { port: 2525 }",
    ],
    ["# How much is raced, and how fast.", "#scan:", "#  trials: 60", "#  ratePerSecond: 500"],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function target(plan: Plan, options: DraftOptions): string[] {
  const { target } = options;
  if (target !== undefined) return [`target: ${flow(target)}`];
  const origin =
    plan.server !== undefined && URL.canParse(plan.server) ? new URL(plan.server).origin : undefined;
  if (origin !== undefined && /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin))
    return [`target: ${flow(origin)}`];
  const named = origin === undefined ? "no server" : oneLine(origin);
  return [
    `# The document names ${named}. Start the API on this machine with test data, and say where it is.`,
    "#target: http://127.0.0.1:8000",
  ];
}

function principals(plan: Plan): string[] {
  const guarded = plan.operations.filter((one) => one.bearer.length > 0).length;
  if (plan.credentials.length === 0)
    return [
      `# None of the ${plan.operations.length} operations declares a token in a header: there is nothing to race.`,
    ];
  const several = plan.credentials.length > 1;
  return [
    `# Who calls the API. ${guarded} of ${plan.operations.length} operations take a token.`,
    ...plan.credentials.slice(0, MOST).map((one) => `# ${oneLine(one.scheme)}: ${waysOf(one)}.`),
    "#principals:",
    ...plan.credentials.slice(0, MOST).flatMap((one, index) => principal(one, index, several)),
  ];
}

function waysOf({ registrations, logins }: CredentialPlan): string {
  const [registration] = registrations;
  if (!registration) return "the document shows no way to a token, so one has to be given";
  const login = logins.find((one) => one !== registration);
  const calls = [registration, ...(login ? [login] : [])].map((one) => oneLine(`${one.method} ${one.path}`));
  return `the scan makes its own users by ${calls.join(" and ")}; say otherwise only where that fails`;
}

const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];

/** Every line is commented; nested explanations are comments within. */
function principal(plan: CredentialPlan, index: number, several: boolean): string[] {
  const name = NAMES[index] ?? `user${index}`;
  const variable = `${name.toUpperCase()}_TOKEN`;
  const [keyword] = plan.keywords;
  const usual = plan.header === "authorization" && keyword === "Bearer";
  const lines = [
    ...(several ? [`schemes: ${flow([plan.scheme])}`] : []),
    ...(plan.header !== "authorization" && isHeader(plan.header) ? [`header: ${flow(plan.header)}`] : []),
    ...(usual || keyword === undefined || !/^[!-~]*$/.test(keyword) ? [] : [`keyword: ${flow(keyword)}`]),
  ];
  const recipe = recipeLines(plan);
  const token = [`token: { env: ${variable} }`];
  const ways = recipe
    ? [...recipe, "# or, instead, a token of a user that exists:", ...token.map((one) => `# ${one}`)]
    : token;
  return [`#  ${name}:`, ...[...lines, ...ways].map((line) => `#    ${line}`)];
}

/** RFC 9110 §5.1; a document may call it anything. */
function isHeader(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

function recipeLines({ registrations, logins }: CredentialPlan): string[] | undefined {
  const [registration] = registrations;
  const register = registration && requestLine(registration);
  if (!registration || !register) return undefined;
  const login = logins.find((one) => one !== registration && requestLine(one) !== undefined);
  const known = registration.body?.slots ?? [];
  return [
    "register:",
    ...stepLines(register, bodyLine(registration.body), login ? [] : [tokenLine(registration)]),
    ...(login
      ? ["login:", ...stepLines(requestLine(login) ?? "", bodyLine(login.body, known), [tokenLine(login)])]
      : []),
  ];
}

function stepLines(request: string, body: string | undefined, rest: readonly string[]): string[] {
  return [
    `  request: ${request}`,
    ...(body === undefined ? [] : [`  ${body}`]),
    ...rest.map((line) => `  ${line}`),
  ];
}

function tokenLine({ leaves = [] }: Operation): string {
  const texts = leaves.filter((leaf) => leaf.type === "string");
  const named = (pattern: RegExp) => texts.find((leaf) => pattern.test(leaf.pointer));
  const leaf =
    named(/\/access_?token$/i) ??
    named(/\/access$/i) ??
    named(/(?<!refresh_?)token$/i) ??
    named(/\/(jwt|key)$/i);
  return `token: ${flow(leaf ? jsonPathOf(leaf.pointer) : "$.access_token")}`;
}

/** Path parameters for which the document shows nothing that makes them. */
function objects(plan: Plan): string[] {
  const linked = new Set(plan.candidates.flatMap(({ act }) => act.links.map((link) => link.parameter)));
  const missing = plan.operations
    .filter((one) => one.method !== "GET" && one.bearer.length > 0)
    .flatMap((one) =>
      one.pathParameters
        .filter((parameter) => !linked.has(parameter))
        .map((parameter) => ({ one, parameter })),
    )
    .filter(({ parameter }) => /^[A-Za-z_]\w*$/.test(parameter));
  const byParameter = new Map(missing.map(({ one, parameter }) => [parameter, one] as const));
  if (byParameter.size === 0) return [];
  return [
    "# Objects that paths name and that the document does not show how to make.",
    "#objects:",
    ...[...byParameter].slice(0, MOST).flatMap(([parameter, one]) => {
      const container = one.path.slice(0, one.path.indexOf(`/{${parameter}}`));
      const request = requestLine({ method: "POST", path: container }) ?? "POST /where/it/is/made";
      return [
        `#  ${parameter}: # ${oneLine(`${one.method} ${one.path}`)}`,
        `#    make: { request: ${flow(request)}, json: {} }`,
        `#    value: ${flow(`$.${parameter}`)}`,
      ];
    }),
  ];
}

function optIn(withheld: readonly Operation[]): string[] {
  if (withheld.length === 0) return [];
  return [
    "# Left out unless named here, as they may move money or send messages.",
    "#optIn:",
    ...withheld.map((one) => {
      const call = `${one.method} ${one.path}`;
      const name = one.id === "" ? call : one.id;
      return `#  - ${isPlain(name) ? name : flow(name)} # ${oneLine(call)}`;
    }),
  ];
}

/** A comment ends where its line does: nothing of the document may begin another. */
function oneLine(text: string): string {
  const inert = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, " ").trim();
  return inert.length > 80 ? `${inert.slice(0, 79).replace(/\p{Surrogate}$/u, "")}…` : inert;
}
