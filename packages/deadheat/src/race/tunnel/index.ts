import type { ForwardProxy } from "../network.ts";
import { httpConnect } from "./http-connect.ts";
import { socks5 } from "./socks5.ts";
import type { Tunnel } from "./tunnel.ts";

/** By the scheme of a proxy's URL. */
export const tunnels: Readonly<Record<ForwardProxy["kind"], Tunnel>> = {
  http: httpConnect,
  https: httpConnect,
  socks5,
};
