import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Secret } from "../plan/credential.ts";
import type { ClientCertificate, NetworkSettings, ProxySettings } from "../plan/network.ts";
import type { NetworkInput } from "./network-schema.ts";
import type { SecretInput } from "./secret.ts";
import type { Path } from "./source.ts";

/** Where files are, and what is done about mistakes: of a file with lines, or of flags. */
export interface NetworkPlace {
  inFolder(path: string): string;
  problem(path: Path, message: string): void;
  secret(input: SecretInput, path: Path): Secret;
}

/** Files are read now, so that a missing one is told before anything is sent. */
export function networkSettings(input: NetworkInput, place: NetworkPlace): NetworkSettings {
  const { serverName, insecure } = input;
  const ca = input.ca === undefined ? undefined : certificatesIn(input.ca, ["ca"], place);
  const client = clientOf(input, place);
  const proxy = input.proxy && proxyOf(input.proxy, place);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(client ? { client } : {}),
    ...(serverName === undefined ? {} : { serverName }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(proxy ? { proxy } : {}),
  };
}

function clientOf(
  { certificate, key, passphrase }: NetworkInput,
  place: NetworkPlace,
): ClientCertificate | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (key === undefined) place.problem(["certificate"], "needs key, the file with its private key");
  if (certificate === undefined) place.problem(["key"], "needs certificate, the file that it is the key of");
  if (certificate === undefined || key === undefined) return undefined;
  return {
    certificate: certificatesIn(certificate, ["certificate"], place),
    key: keyIn(key, place),
    ...(passphrase ? { passphrase: place.secret(passphrase, ["passphrase"]) } : {}),
  };
}

function certificatesIn(file: string, path: Path, place: NetworkPlace): string {
  const text = textOf(file, path, place);
  try {
    if (text !== "") new X509Certificate(text);
  } catch {
    place.problem(path, "holds no certificate in PEM form");
  }
  return text;
}

function keyIn(file: string, place: NetworkPlace): string {
  const text = textOf(file, ["key"], place);
  if (text !== "" && !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    place.problem(["key"], "holds no private key in PEM form");
  return text;
}

function textOf(file: string, path: Path, place: NetworkPlace): string {
  try {
    return readFileSync(place.inFolder(file), "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    place.problem(path, code === "ENOENT" ? "no such file" : `cannot be read (${code})`);
    return "";
  }
}

function proxyOf(
  { url, username, password }: NonNullable<NetworkInput["proxy"]>,
  place: NetworkPlace,
): ProxySettings | undefined {
  if (password !== undefined && username === undefined)
    place.problem(["proxy", "password"], "needs username");
  const parsed = parseProxy(url);
  if ("problem" in parsed) {
    place.problem(["proxy", "url"], parsed.problem);
    return undefined;
  }
  if (parsed.credentials) {
    place.problem(
      ["proxy", "url"],
      "holds credentials, which do not belong here: give username and password",
    );
    return undefined;
  }
  return {
    ...parsed.proxy,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: place.secret(password, ["proxy", "password"]) }),
  };
}

const KINDS: Readonly<Record<string, readonly [kind: ProxySettings["kind"], port: number]>> = {
  "http:": ["http", 80],
  "https:": ["https", 443],
  "socks5:": ["socks5", 1080],
};

type ParsedProxy =
  | { readonly problem: string }
  | {
      readonly proxy: Pick<ProxySettings, "kind" | "host" | "port">;
      readonly credentials?: { readonly username: string; readonly password: string };
    };

/** Messages never repeat the URL: it may hold a password. */
export function parseProxy(url: string): ParsedProxy {
  if (!URL.canParse(url)) return { problem: "is not a URL such as http://127.0.0.1:3128" };
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(url);
  if (protocol === "socks5h:")
    return { problem: "socks5h leaves names to the proxy, and addresses are pinned here: use socks5" };
  const [kind, usual] = KINDS[protocol] ?? [];
  if (kind === undefined || usual === undefined)
    return { problem: "is none of http://, https:// and socks5://" };
  if (hostname === "" || !["", "/"].includes(pathname) || search !== "" || hash !== "")
    return { problem: "is not scheme, host and port alone" };
  const proxy = { kind, host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? usual : Number(port) };
  if (username === "" && password === "") return { proxy };
  try {
    return {
      proxy,
      credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    };
  } catch {
    return { problem: "holds credentials that are not percent-encoded as they have to be" };
  }
}
