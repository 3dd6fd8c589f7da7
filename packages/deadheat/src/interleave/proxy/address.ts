import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { DeadheatError } from "../../errors.ts";

/** The server behind the proxy. */
export interface Upstream {
  /** A resolved address, pinned. */
  readonly host: string;
  readonly port: number;
  /** As the user wrote it: what a certificate has to name. */
  readonly hostname?: string;
  /** Instead of host and port. */
  readonly socketPath?: string;
  /** `encrypted`: as libpq's `require`, nothing is verified. */
  readonly tls: "off" | "encrypted" | "verified";
  readonly rootCertificate?: string;
  /** For the side connection. */
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

const PORT = 5432;
const HINT =
  "Give the API's own database: postgres://USER:PASSWORD@127.0.0.1:5432/NAME, or ?host=/run/postgresql for a socket.";
const TLS: Readonly<Record<string, Upstream["tls"]>> = {
  disable: "off",
  allow: "off",
  prefer: "off",
  require: "encrypted",
  "verify-ca": "verified",
  "verify-full": "verified",
};

/**
 * Reads a connection URI (PostgreSQL documentation, Connection URIs). The server has to be on this machine, or one
 * of `allow` by `host:port`. No message holds the password.
 */
export async function resolveUpstream(text: string, allow: readonly string[] = []): Promise<Upstream> {
  const invalid = (problem: string) => new DeadheatError("database-invalid", `--database: ${problem}`, HINT);
  // WHATWG wants a host where libpq's form has none: postgres:///name?host=/run/postgresql.
  const empty = /^postgres(?:ql)?:\/\/([^/@]*@)?(\/|$)/.test(text);
  if (!/^postgres(ql)?:\/\//.test(text)) throw invalid("not a postgres:// URL");
  let url: URL;
  try {
    url = new URL(empty ? text.replace(/^(postgres(?:ql)?:\/\/)([^/@]*@)?/, "$1$2localhost") : text);
  } catch {
    throw invalid("not a URL");
  }
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const tls = TLS[mode];
  if (tls === undefined) throw invalid(`sslmode=${mode} is none of ${Object.keys(TLS).join(", ")}`);
  const rootCertificate = url.searchParams.get("sslrootcert");
  const named = url.searchParams.get("host") ?? decodeURIComponent(url.hostname);
  const port = Number(url.searchParams.get("port") ?? (url.port || PORT));
  const base = {
    port,
    tls,
    ...(rootCertificate === null ? {} : { rootCertificate }),
    ...part("user", url.username || (url.searchParams.get("user") ?? "")),
    ...part("password", url.password || (url.searchParams.get("password") ?? "")),
    ...part("database", url.pathname.slice(1) || (url.searchParams.get("dbname") ?? "")),
  };
  // A socket is on this machine; TLS is not spoken over it.
  if (named.startsWith("/"))
    return { ...base, host: named, socketPath: `${named}/.s.PGSQL.${port}`, tls: "off" };
  const hostname = named.replace(/^\[|\]$/g, "") || "localhost";
  const host = await addressOf(hostname);
  if (!isLoopback(host) && !allow.includes(`${hostname}:${port}`))
    throw new DeadheatError(
      "target-not-allowed",
      `the database ${hostname}:${port} is not on this machine`,
      `Where it is one made for testing, add --allow-database ${hostname}:${port}.`,
    );
  return { ...base, host, hostname };
}

function part<K extends string>(name: K, value: string): { [P in K]?: string } {
  return (value === "" ? {} : { [name]: decodeURIComponent(value) }) as { [P in K]?: string };
}

async function addressOf(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0) return hostname;
  try {
    return (await lookup(hostname)).address;
  } catch (cause) {
    throw new DeadheatError("database-invalid", `--database: ${hostname} cannot be resolved`, HINT, cause);
  }
}

function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === "::1" || address.startsWith("::ffff:127.");
}
