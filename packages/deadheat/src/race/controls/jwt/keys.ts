import { createPublicKey, type KeyObject } from "node:crypto";
import type { Operation } from "../../../plan/operation.ts";
import { compose } from "../../compose.ts";
import { type HttpRequest, succeeded } from "../../exchange.ts";
import type { Scene } from "../scene.ts";

/** A public key that the API shows to everybody, as the bytes that a careless verifier would use as a secret. */
export interface PublicKey {
  readonly kid?: string;
  readonly spellings: readonly { readonly name: string; readonly bytes: Buffer }[];
}

const WELL_KNOWN = ["/.well-known/jwks.json", "/.well-known/openid-configuration"];
const MOST_KEYS = 3;

export interface PublishedKeys {
  readonly keys: readonly PublicKey[];
  /** Where they were found, or what was tried. */
  readonly from: string;
}

/** Where all paths begin alike (`/api`, a tenant), the well-known places may be below that as well. */
function sharedPrefix(paths: readonly string[]): string {
  const first = `/${paths[0]?.split("/")[1] ?? ""}`;
  return first !== "/" && !first.includes("{") && paths.every((one) => one.startsWith(`${first}/`))
    ? first
    : "";
}

/** Asks where keys are published: reads of the document, RFC 8414's and OpenID's places. Of this origin only. */
export async function publishedKeys(
  scene: Scene,
  reads: readonly Operation[],
  paths: readonly string[],
): Promise<PublishedKeys> {
  const places = [...new Set(["", sharedPrefix(paths)])].flatMap((prefix) =>
    WELL_KNOWN.map((one) => prefix + one),
  );
  const tried: string[] = [];
  const asked: HttpRequest[] = [
    ...reads.map((one) => compose(one)),
    ...places.map((path) => ({ method: "GET", path, headers: { accept: "application/json" } })),
  ];
  for (let index = 0; index < asked.length && index < reads.length + places.length + 1; index++) {
    const request = asked[index] as HttpRequest;
    const answer = await scene.caller.send(request);
    const { status, failure } = answer;
    tried.push(
      `${request.path} ${status === undefined ? `is not answered (${failure})` : `answers ${status}`}`,
    );
    if (!succeeded(answer)) continue;
    const body = answer.body as { readonly keys?: unknown; readonly jwks_uri?: unknown } | undefined;
    const keys = Array.isArray(body?.keys) ? body.keys.flatMap(spelled).slice(0, MOST_KEYS) : [];
    if (keys.length > 0) return { keys, from: request.path };
    const next = placeOf(body?.jwks_uri, scene.context.target.origin);
    if (!next) continue;
    if (next.origin !== scene.context.target.origin)
      tried.push(`${next.origin} is another origin, and was not asked`);
    else
      asked.push({
        method: "GET",
        path: `${next.pathname}${next.search}`,
        headers: { accept: "application/json" },
      });
  }
  return { keys: [], from: `no public key was found: ${tried.join("; ")}` };
}

function placeOf(uri: unknown, origin: string): URL | undefined {
  return typeof uri === "string" && URL.canParse(uri, origin) ? new URL(uri, origin) : undefined;
}

function spelled(jwk: unknown): PublicKey[] {
  try {
    const key = createPublicKey({ key: jwk as never, format: "jwk" });
    const { kid } = jwk as { readonly kid?: unknown };
    return [{ ...(typeof kid === "string" ? { kid } : {}), spellings: spellingsOf(key) }];
  } catch {
    return [];
  }
}

function spellingsOf(key: KeyObject): PublicKey["spellings"] {
  const pem = key.export({ type: "spki", format: "pem" }).toString();
  const pkcs1 =
    key.asymmetricKeyType === "rsa" ? key.export({ type: "pkcs1", format: "pem" }).toString() : undefined;
  return [
    { name: "PEM", bytes: Buffer.from(pem) },
    { name: "PEM without its last line break", bytes: Buffer.from(pem.trimEnd()) },
    { name: "DER", bytes: key.export({ type: "spki", format: "der" }) },
    ...(pkcs1 === undefined ? [] : [{ name: "PKCS #1", bytes: Buffer.from(pkcs1) }]),
  ];
}
