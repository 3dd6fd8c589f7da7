import type { MeasuredTransport, TransportReport } from "../findings/transports.ts";
import { inert } from "../inert.ts";

/** One line a transport, the one that is used first: what it is, and how close together requests were over it. */
export function transportLines({ used, spoken, probe }: TransportReport): string[] {
  const names = [used, ...spoken.filter((one) => one !== used)];
  return names.map((name) => {
    const measured = probe.find((one) => one.name === name);
    return measured ? transportText(measured) : name;
  });
}

/** `HTTP/2 single-packet · spread 0.41 ms · overlap 100 %` */
export function transportText({ mode, spreadMs, overlap }: MeasuredTransport): string {
  const name = inert(mode);
  if (spreadMs === undefined || overlap === undefined) return `${name} · spread not measured`;
  return `${name} · spread ${spreadMs.toFixed(2)} ms · overlap ${Math.round(100 * overlap)} %`;
}
