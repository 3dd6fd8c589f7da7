import type { Socket } from "node:net";
import type { ForwardProxy } from "../network.ts";
import type { Target } from "../target.ts";

/** Opens a connection to the target's pinned address through a proxy. Rejects with a code that says whose fault it is. */
export type Tunnel = (
  proxy: ForwardProxy,
  target: Pick<Target, "address" | "port">,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<Socket>;
