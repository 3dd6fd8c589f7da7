import type { Agent } from "undici";
import { DeadheatError } from "../../errors.ts";
import type { NetworkSettings } from "../../plan/network.ts";
import {
  type Authorization,
  agentFor,
  failureOf,
  openNetwork,
  resolveTarget,
  type Target,
  unreachable,
} from "../../race/index.ts";
import { parseOpenApi } from "../../spec/index.ts";

/** Where frameworks serve their OpenAPI document, the commonest first. */
const PLACES = [
  "/openapi.json",
  "/openapi.yaml",
  "/api/openapi.json",
  "/api/schema/",
  "/schema/",
  "/v3/api-docs",
  "/api-docs",
  "/api-docs.json",
  "/api-json",
  "/swagger.json",
  "/swagger/v1/swagger.json",
  "/docs/openapi.json",
  "/api/v1/openapi.json",
  "/documentation/json",
  "/openapi",
  "/docs",
  "/",
];
const TIMEOUT_MS = 5_000;
const LIMIT_BYTES = 16_000_000;
const MOST_REDIRECTS = 3;
const MOST_LINKS = 5;
const ACCEPT =
  "application/json, application/vnd.oai.openapi+json, application/yaml;q=0.8, text/html;q=0.5, */*;q=0.1";

const WITHOUT_API = "Start the API first, or give the path of its OpenAPI document instead of a URL.";

export interface Discovered {
  /** Where it was found. */
  readonly url: string;
  readonly origin: string;
  readonly text: string;
}

/**
 * Looks for the OpenAPI 3 document of a running API at the given URL and at the usual places beside it. Only GET,
 * never on another origin. Throws DeadheatError: `target-…`, `network-…`, or `document-missing` with what was tried.
 */
export async function discoverDocument(
  url: string,
  authorization: Authorization,
  signal: AbortSignal,
  settings?: NetworkSettings,
): Promise<Discovered> {
  const named = URL.canParse(url) ? new URL(url) : undefined;
  // A document may stand behind a query; a target has none.
  if (named) Object.assign(named, { search: "", hash: "" });
  const network = settings && (await openNetwork(settings));
  const target = await resolveTarget(named?.href ?? url, authorization, network);
  const agent = agentFor(target, { signal, timeoutMs: TIMEOUT_MS });
  const base = new URL(url);
  const below = base.pathname.replace(/\/+$/, "");
  const places = [
    base.pathname + base.search,
    ...(below === "" ? [] : PLACES.map((one) => below + one)),
    ...PLACES,
  ];
  const remarks: string[] = [];
  const queue = [...new Set(places)];
  const tried = new Set<string>();
  try {
    // Pages of documentation put what they link to in front.
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (tried.has(path)) continue;
      tried.add(path);
      const answer = await get(agent, target, path, signal);
      if (answer === undefined) continue;
      const judged = judge(target, answer);
      if (judged.found) return judged.found;
      if (judged.remark) remarks.push(judged.remark);
      queue.unshift(...judged.links);
    }
  } finally {
    await agent.destroy();
  }
  throw notFound(target, tried.size, remarks);
}

interface Answer {
  readonly path: string;
  readonly status: number;
  readonly html: boolean;
  readonly text: string;
}

function judge(
  target: Target,
  { path, status, html, text }: Answer,
): { found?: Discovered; remark?: string; links: string[] } {
  if (status === 401 || status === 403) return { remark: `${path} answers ${status}`, links: [] };
  if (status !== 200) return { links: [] };
  const url = target.origin + path;
  if (html) return { links: linksIn(text, url) };
  try {
    parseOpenApi(path, text);
    return { found: { url, origin: target.origin, text }, links: [] };
  } catch (error) {
    const swagger = error instanceof DeadheatError && /Swagger [\d.]+/.exec(error.message)?.[0];
    return { ...(swagger ? { remark: `${path} is ${swagger}` } : {}), links: [] };
  }
}

/** Swagger UI and Redoc pages name their document in a script or an attribute. */
function linksIn(html: string, page: string): string[] {
  const named = [...html.matchAll(/["']([^"'\s<>]*(?:openapi|swagger|schema|api-docs|spec)[^"'\s<>]*)["']/gi)]
    .map((match) => match[1] as string)
    .filter((one) => !/\.(js|css|png|svg|ico|map|html)([?#]|$)/i.test(one) && URL.canParse(one, page))
    .map((one) => new URL(one, page))
    .filter((one) => one.origin === new URL(page).origin);
  return [...new Set(named.map((one) => one.pathname + one.search))].slice(0, MOST_LINKS);
}

async function get(
  agent: Agent,
  target: Target,
  path: string,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  let current = path;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const answer = await request(agent, target, current, signal);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status >= 400 || typeof location !== "string")
      return { ...answer, path: current, html: String(answer.headers["content-type"]).includes("html") };
    const next = URL.canParse(location, target.origin + current)
      ? new URL(location, target.origin + current)
      : undefined;
    if (next?.origin !== target.origin) return undefined;
    current = next.pathname + next.search;
  }
  return undefined;
}

async function request(agent: Agent, target: Target, path: string, signal: AbortSignal) {
  signal.throwIfAborted();
  try {
    const answer = await agent.request({
      origin: target.origin,
      method: "GET",
      path,
      headers: { accept: ACCEPT },
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(2 * TIMEOUT_MS)]),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > LIMIT_BYTES) break;
      chunks.push(chunk);
    }
    const text = size > LIMIT_BYTES ? "" : Buffer.concat(chunks).toString("utf8");
    return { status: answer.statusCode, headers: answer.headers, text };
  } catch (cause) {
    signal.throwIfAborted();
    const timedOut = (cause as Error).name === "TimeoutError";
    throw unreachable(target, timedOut ? "timeout" : failureOf(cause), WITHOUT_API);
  }
}

function notFound(target: Target, count: number, remarks: readonly string[]): DeadheatError {
  const rest = remarks.length === 0 ? "" : `; ${[...new Set(remarks)].slice(0, 3).join(", ")}`;
  const swagger = remarks.some((one) => /Swagger/.test(one));
  return new DeadheatError(
    "document-missing",
    `${target.origin}: no OpenAPI 3 document at ${count} usual places (${PLACES.slice(0, 4).join(", ")}, …)${rest}`,
    swagger
      ? "Let the framework write OpenAPI 3, or convert the document, and give its path: deadheat init openapi.yaml"
      : "Give the URL or the path of the document itself: deadheat init openapi.yaml",
  );
}
