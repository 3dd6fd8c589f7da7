import type { TargetReport } from "../findings/target.ts";
import { proxyName, type Target } from "../race/index.ts";
import type { TargetOptions } from "./options.ts";

/** Where requests went and how, for reports. A proxy's credentials are no part of it. */
export function targetReport({ origin, network }: Target, statement: string | undefined): TargetReport {
  return {
    origin,
    ...(statement ? { authorization: statement } : {}),
    ...(network?.insecure ? { insecure: true } : {}),
    ...(network?.serverName === undefined ? {} : { serverName: network.serverName }),
    ...(network?.proxy ? { proxy: proxyName(network.proxy) } : {}),
  };
}

/** What the user should not be able to overlook. */
export function warningsOf({ network }: Pick<TargetOptions, "network">): string[] {
  if (network?.insecure !== true) return [];
  return [
    "--insecure: certificates are not checked; whoever is in between can read every token and answer in the API's place",
  ];
}
