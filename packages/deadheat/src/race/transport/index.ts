import { http1 } from "./http1.ts";
import { http2 } from "./http2.ts";
import type { Transport } from "./transport.ts";

/** The tightest first. */
export const transports: readonly Transport[] = [http2, http1];
export { TransportChoice } from "./choice.ts";
export { probeTransports } from "./probe.ts";
export type { Burst, BurstOptions, HeldRequest, ScheduledRequest, Transport } from "./transport.ts";
export { turnOf } from "./turn.ts";
