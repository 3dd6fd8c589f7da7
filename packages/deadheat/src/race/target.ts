import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { DeadheatError } from "../errors.ts";
import type { Network } from "./network.ts";

/** Where requests go. The address was resolved once; names are not asked again (DNS rebinding). */
export interface Target {
  /** Scheme, host and port, as the user gave them. */
  readonly origin: string;
  readonly secure: boolean;
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly address: string;
  readonly family: 4 | 6;
  /** Directly, and as Node.js trusts, where absent. */
  readonly network?: Network;
  /** As Node.js trusts: made once, where TLS is spoken and `network` has none of its own. */
  readonly secureContext?: SecureContext;
}

export interface Authorization {
  /** Exact origins that may be scanned although they are not loopback. */
  readonly allow: readonly string[];
  /** The user's statement that they may do so; kept in the report. */
  readonly statement?: string;
}

type Lookup = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Resolves and pins a target. Throws DeadheatError unless every address of its name is loopback, or
 * the exact origin is allowed and a statement of authorisation is given (DESIGN §11).
 */
export async function resolveTarget(
  url: string,
  authorization: Authorization,
  network?: Network,
  resolve: Lookup = (hostname) => lookup(hostname, { all: true }),
): Promise<Target> {
  const parsed = parseUrl(url);
  const hostname = parsed.hostname.replace(/^\[|\]$/g, "");
  const addresses = await addressesOf(hostname, resolve);
  const first = addresses[0];
  if (!first) throw new DeadheatError("target-unreachable", `${hostname} has no address`, "Check --target.");
  if (!addresses.every((one) => isLoopback(one.address)))
    assertAuthorised(parsed.origin, authorization, "is not on this machine");
  // 127.0.0.1 is the proxy's own machine to a proxy, and what it forwards to from there is its affair.
  if (network?.proxy)
    assertAuthorised(parsed.origin, authorization, "is called through a proxy, which may be on any machine");
  if (network?.serverName !== undefined) await assertName(network.serverName, parsed, authorization, resolve);
  const secure = parsed.protocol === "https:";
  return {
    origin: parsed.origin,
    secure,
    host: parsed.host,
    hostname,
    port: parsed.port === "" ? (secure ? 443 : 80) : Number(parsed.port),
    address: first.address,
    family: first.family === 6 ? 6 : 4,
    ...(network ? { network } : secure ? { secureContext: createSecureContext() } : {}),
  };
}

/**
 * What listens on loopback may pass a connection on by the name that is asked for (SNI): a name that leads elsewhere
 * is a target of its own, and needs what that would need.
 */
async function assertName(
  name: string,
  { hostname, protocol, port }: URL,
  authorization: Authorization,
  resolve: Lookup,
): Promise<void> {
  if (protocol !== "https:")
    throw new DeadheatError("target-invalid", "--server-name needs a target with https", "Leave it out.");
  if (name.toLowerCase() === hostname) return;
  const addresses = await resolve(name).catch(() => []);
  if (addresses.length > 0 && addresses.every((one) => isLoopback(one.address))) return;
  const origin = new URL(`https://${name}${port === "" ? "" : `:${port}`}`).origin;
  assertAuthorised(origin, authorization, "is asked for by --server-name, and is not on this machine");
}

function parseUrl(url: string): URL {
  const hint = "Give the origin of the running API, for example --target http://127.0.0.1:8000";
  // What stands behind a question mark may be a key.
  const shown = url.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//…@");
  if (!URL.canParse(url)) throw new DeadheatError("target-invalid", `${shown}: not a URL`, hint);
  const parsed = new URL(url);
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:")
    throw new DeadheatError("target-invalid", `${shown}: neither http nor https`, hint);
  // A password in a URL would end up in shell histories and reports.
  if (parsed.username !== "" || parsed.password !== "")
    throw new DeadheatError(
      "target-invalid",
      "the target holds credentials",
      "Leave user and password out of --target.",
    );
  if (parsed.search !== "" || parsed.hash !== "")
    throw new DeadheatError("target-invalid", `${shown}: a target has no query and no fragment`, hint);
  return parsed;
}

async function addressesOf(hostname: string, resolve: Lookup) {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  try {
    return await resolve(hostname);
  } catch (cause) {
    const message = `the name ${hostname} cannot be resolved`;
    throw new DeadheatError("target-unreachable", message, "Check the spelling of --target.", cause);
  }
}

/** `::ffff:127.0.0.1` reaches the same host as `127.0.0.1`; 0.0.0.0 and `::` are not loopback addresses. */
export function isLoopback(address: string): boolean {
  if (isIP(address) === 4) return loopback.check(address, "ipv4");
  return loopback.check(address, "ipv6");
}

function assertAuthorised(origin: string, authorization: Authorization, why: string): void {
  const statement = authorization.statement?.trim();
  if (authorization.allow.includes(origin) && statement) return;
  throw new DeadheatError(
    "target-not-allowed",
    `${origin} ${why}`,
    `Only if you may test it: --allow ${origin} --authorized "who permitted it"`,
  );
}
