import type { Secret } from "./credential.ts";

/** How connections are made, whatever they are for: bursts, set-up, observation, recipes. */
export interface NetworkSettings {
  /** PEM; trusted beside the authorities that Node.js trusts. */
  readonly ca?: string;
  /** What this client shows of itself (mutual TLS). */
  readonly client?: ClientCertificate;
  /** Asked for in place of the target's own name (SNI, RFC 6066 §3), and what its certificate has to be for. */
  readonly serverName?: string;
  /** Certificates are not checked at all. */
  readonly insecure?: boolean;
  readonly proxy?: ProxySettings;
}

export interface ClientCertificate {
  /** PEM, its chain included. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly passphrase?: Secret;
}

/** A forward proxy: HTTP CONNECT (RFC 9110 §9.3.6), to which `https` speaks TLS, or SOCKS 5 (RFC 1928). */
export interface ProxySettings {
  readonly kind: "http" | "https" | "socks5";
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: Secret;
}
