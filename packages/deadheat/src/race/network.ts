import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { DeadheatError } from "../errors.ts";
import type { ClientCertificate, NetworkSettings, ProxySettings } from "../plan/network.ts";

/** How connections are made, ready for use: files read, secrets had. */
export interface Network {
  /** Made once: each connection of a burst would read all authorities again. */
  readonly secureContext: SecureContext;
  readonly insecure: boolean;
  readonly serverName?: string;
  readonly proxy?: ForwardProxy;
}

export interface ForwardProxy extends Pick<ProxySettings, "kind" | "host" | "port"> {
  /** For one that TLS is spoken to: our own certificate is for the target alone. */
  readonly secureContext?: SecureContext;
  readonly insecure?: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Throws DeadheatError: `network-invalid` where certificate and key do not fit, `secret-missing`. */
export async function openNetwork({
  ca,
  client,
  serverName,
  insecure,
  proxy,
}: NetworkSettings): Promise<Network> {
  return {
    secureContext: await contextOf(ca, client),
    insecure: insecure === true,
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxy ? { proxy: await openProxy(proxy, ca, insecure === true) } : {}),
  };
}

async function contextOf(ca: string | undefined, client: ClientCertificate | undefined) {
  const passphrase = await client?.passphrase?.();
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
      ...(client ? { cert: client.certificate, key: client.key } : {}),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    const { code = "not readable" } = cause as NodeJS.ErrnoException;
    throw new DeadheatError(
      "network-invalid",
      `the CA, the client certificate or its key cannot be used (${code})`,
      "They have to be PEM, and the key has to be the certificate's; its passphrase goes under network in deadheat.yaml.",
      cause,
    );
  }
}

async function openProxy(
  { kind, host, port, username, password }: ProxySettings,
  ca: string | undefined,
  insecure: boolean,
): Promise<ForwardProxy> {
  return {
    kind,
    host,
    port,
    ...(kind === "https" ? { secureContext: await contextOf(ca, undefined), insecure } : {}),
    ...(username === undefined ? {} : { credentials: { username, password: (await password?.()) ?? "" } }),
  };
}

/** For other origins that recipes name: the other name is the target's alone. */
export function forOthers({ serverName, ...network }: Network): Network {
  return network;
}

/** As reports show it: where it is, without who uses it. */
export function proxyName({ kind, host, port }: Pick<ProxySettings, "kind" | "host" | "port">): string {
  return `${kind}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
