export type Json = Readonly<Record<string, unknown>>;

/** A JSON Web Token in its compact form (RFC 7515 §7.1), taken apart without being verified. */
export interface CompactJwt {
  readonly header: Json;
  readonly claims: Json;
  /** As they stood in the token: another spelling of the same JSON would be another signing input. */
  readonly parts: readonly [header: string, claims: string, signature: string];
}

/** `undefined` for what is no signed token of JSON objects: opaque texts, encrypted tokens of five parts. */
export function parseJwt(token: string): CompactJwt | undefined {
  const parts = token.split(".");
  const [head, body, signature] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined)
    return undefined;
  const header = objectIn(head);
  const claims = objectIn(body);
  if (!header || !claims || typeof header.alg !== "string") return undefined;
  return { header, claims, parts: [head, body, signature] };
}

function objectIn(part: string): Json | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

export function encoded(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
