import { resolve } from "node:path";
import { type NetworkInput, networkSettings, parseProxy } from "../config/index.ts";
import { DeadheatError } from "../errors.ts";
import type { NetworkSettings, ProxySettings } from "../plan/network.ts";

/** As commander hands them over. */
export interface NetworkFlags {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecure?: boolean;
  readonly proxy?: string;
}

/** What a problem is about, as it was typed. */
const FLAGS: Readonly<Record<string, string>> = {
  ca: "--ca",
  certificate: "--cert",
  key: "--key",
  proxy: "--proxy",
};

const HINTS: Readonly<Record<string, string>> = {
  proxy: "Credentials go into DEADHEAT_PROXY, or under network in deadheat.yaml; then leave --proxy out.",
};

/** Flags win over deadheat.yaml, and DEADHEAT_PROXY stands in where neither names a proxy. Throws DeadheatError. */
export function networkFrom(
  flags: NetworkFlags,
  configured: NetworkSettings | undefined,
  env: NodeJS.ProcessEnv,
): NetworkSettings | undefined {
  const input: NetworkInput = {
    ...(flags.ca === undefined ? {} : { ca: flags.ca }),
    ...(flags.cert === undefined ? {} : { certificate: flags.cert }),
    ...(flags.key === undefined ? {} : { key: flags.key }),
    ...(flags.serverName === undefined ? {} : { serverName: hostName(flags.serverName) }),
    ...(flags.insecure === undefined ? {} : { insecure: flags.insecure }),
    ...(flags.proxy === undefined ? {} : { proxy: { url: flags.proxy } }),
  };
  const given = networkSettings(input, {
    inFolder: (path) => resolve(path),
    problem: (path, message) => {
      const [key = ""] = path.map(String);
      throw invalid(`${FLAGS[key] ?? key} ${message}`, HINTS[key]);
    },
    secret: () => async () => "",
  });
  const settings = { ...configured, ...given };
  const fallback = settings.proxy ? undefined : environmentProxy(env.DEADHEAT_PROXY);
  const network = { ...settings, ...(fallback ? { proxy: fallback } : {}) };
  return Object.keys(network).length === 0 ? undefined : network;
}

/** The one place where a proxy's credentials may stand in its URL. */
function environmentProxy(url: string | undefined): ProxySettings | undefined {
  if (url === undefined || url === "") return undefined;
  const parsed = parseProxy(url);
  if ("problem" in parsed) throw invalid(`DEADHEAT_PROXY ${parsed.problem}`);
  const { proxy, credentials } = parsed;
  if (!credentials) return proxy;
  return { ...proxy, username: credentials.username, password: async () => credentials.password };
}

function hostName(name: string): string {
  if (/^(?![\d.]+$)[\w.-]+$/.test(name)) return name;
  throw invalid("--server-name is not a host name");
}

function invalid(message: string, hint = "See network in docs/config.md."): DeadheatError {
  return new DeadheatError("network-invalid", message, hint);
}
