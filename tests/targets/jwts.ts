import { createHmac, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { type Call, type Reply, secrets, serve, type Target } from "./api.ts";

/** What a verification of JSON Web Tokens lets pass. */
export type Verification =
  // Right, if odd.
  | "right"
  | "RS256"
  | "leeway of 60 s"
  | "leeway of 2 s"
  | "clock an hour behind"
  | "opaque"
  | "no claims but sub"
  | "cached by user"
  // Wrong.
  | "alg none"
  | "no signature"
  | "any key"
  | "public key as secret"
  | "payload only"
  | "its end ignored"
  | "kid as a path";

const LEEWAYS_S: Partial<Record<Verification, number>> = {
  "leeway of 60 s": 60,
  "leeway of 2 s": 2,
  "its end ignored": Number.POSITIVE_INFINITY,
};

interface User {
  readonly name: string;
  readonly password: string;
}

const REFUSED: Reply = {
  status: 401,
  headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  body: { error: "unauthorized" },
};
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));

/** A profile behind tokens that are verified in one of many ways. */
export function jwtTarget(
  verification: Verification,
  {
    keys = "here",
  }: { readonly keys?: "here" | "never answered" | "at another origin" | "at another host" } = {},
): Promise<Target> {
  const users = new Map<string, User>();
  const secret = randomBytes(32);
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const opaque = new Map<string, string>();
  const asymmetric = verification === "RS256" || verification === "public key as secret";
  const skew = verification === "clock an hour behind" ? -3600 : 0;
  const now = () => Math.floor(Date.now() / 1000) + skew;
  const hs256 = (input: string, key: string | Buffer) =>
    createHmac("sha256", key).update(input).digest("base64url");
  const issue = (name: string, ttl: number): string => {
    const token = verification === "opaque" ? randomBytes(24).toString("base64url") : signed(name, ttl);
    if (verification === "opaque") opaque.set(token, name);
    secrets.add(token);
    return token;
  };
  const signed = (name: string, ttl: number): string => {
    const header = { alg: asymmetric ? "RS256" : "HS256", typ: "JWT", kid: "one" };
    const times = { iat: now(), exp: now() + ttl, iss: "https://issuer.test", aud: "api" };
    const input = `${encoded(header)}.${encoded({ sub: name, ...(verification === "no claims but sub" ? {} : times) })}`;
    if (!asymmetric) return `${input}.${hs256(input, secret)}`;
    return `${input}.${sign("sha256", Buffer.from(input), pair.privateKey).toString("base64url")}`;
  };
  const subjectOf = (token: string): string | undefined => {
    if (verification === "opaque") return opaque.get(token);
    const [head = "", body = "", signature = ""] = token.split(".");
    try {
      const header = decoded(head);
      const claims = decoded(body);
      if (!authentic(header, `${head}.${body}`, signature)) return undefined;
      const leeway = LEEWAYS_S[verification] ?? 0;
      if (claims.exp !== undefined && claims.exp + leeway <= now()) return undefined;
      if (claims.nbf !== undefined && claims.nbf > now()) return undefined;
      if (verification === "no claims but sub") return claims.sub;
      return claims.exp !== undefined && claims.iss === "https://issuer.test" && claims.aud === "api"
        ? claims.sub
        : undefined;
    } catch {
      return undefined;
    }
  };
  const authentic = (
    { alg, kid }: { alg: string; kid?: string },
    input: string,
    signature: string,
  ): boolean => {
    if (verification === "alg none" && alg.toLowerCase() === "none") return true;
    if (verification === "no signature" && signature === "") return true;
    if (verification === "payload only") return alg === "HS256" && signature !== "";
    if (verification === "kid as a path" && kid?.endsWith("/dev/null")) return hs256(input, "") === signature;
    if (verification === "any key") return /^[\w-]{43}$/.test(signature) && alg === "HS256";
    if (asymmetric && alg === "RS256")
      return verify("sha256", Buffer.from(input), pair.publicKey, Buffer.from(signature, "base64url"));
    if (verification === "public key as secret" && alg === "HS256")
      return hs256(input, pair.publicKey.export({ type: "spki", format: "pem" }).toString()) === signature;
    return !asymmetric && alg === "HS256" && hs256(input, secret) === signature;
  };
  const cache = new Map<string, string>();
  const userOf = ({ token }: Call): User | undefined => {
    // Verified once, then known by the whole token.
    const cached = verification === "cached by user" ? cache.get(token) : undefined;
    const name = cached ?? subjectOf(token);
    if (name !== undefined) cache.set(token, name);
    return name === undefined ? undefined : users.get(name);
  };
  return serve(
    {
      "POST /users": ({ body }) => {
        if (users.has(body.name)) return { status: 409, body: {} };
        secrets.add(body.password);
        users.set(body.name, body);
        return { status: 201, body: {} };
      },
      "POST /sign-in": ({ body }) =>
        users.get(body.name)?.password === body.password
          ? { status: 200, body: { token: issue(body.name, Number(body.ttl ?? 600)) } }
          : REFUSED,
      "GET /me": (call) => {
        const user = userOf(call);
        return user ? { status: 200, body: { name: user.name } } : REFUSED;
      },
      "GET /keys/jwks.json": () => {
        if (keys === "never answered") return new Promise<Reply>(() => {});
        const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "one", use: "sig" };
        return { status: asymmetric ? 200 : 404, body: asymmetric ? { keys: [jwk] } : {} };
      },
      "GET /.well-known/openid-configuration": () => ({
        status: 200,
        body: { jwks_uri: `${ELSEWHERE[keys] ?? ""}/keys/jwks.json` },
      }),
    },
    DOCUMENT,
  );
}

/** What stands before the path of the keys; without a scheme it is the caller's own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "at another origin": "https://keys.invalid",
  "at another host": "//keys.invalid",
};

const text = { type: "string" };
const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  content: { "application/json": { schema: { type: "object", required, properties } } },
});
const secretive = { name: text, password: { type: "string", format: "password" } };

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Profiles", version: "1" },
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
  paths: {
    "/users": {
      post: {
        requestBody: { required: true, ...object(secretive) },
        responses: { 201: { description: "Made." } },
      },
    },
    "/sign-in": {
      post: {
        requestBody: {
          required: true,
          ...object({ ...secretive, ttl: { type: "integer", minimum: 1, maximum: 3600, default: 600 } }, [
            "name",
            "password",
          ]),
        },
        responses: { 200: { description: "OK", ...object({ token: text }) } },
      },
    },
    "/me": {
      get: {
        security: [{ bearer: [] }],
        responses: { 200: { description: "OK", ...object({ name: text }) } },
      },
    },
  },
};
