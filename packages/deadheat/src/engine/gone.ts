import type { ScheduleCounts } from "../plan/interleaving.ts";

/**
 * Why an order of statements that has shown a race is not gone, although nothing was seen: only where all orders were
 * realised, and put in order what is judged, is it (DESIGN §8).
 */
export function doubtOfSilence(schedules: ScheduleCounts | undefined): string | undefined {
  if (!schedules) return "no order of its statements was tried";
  const { planned, realised, unshown, uncovered, reasons } = schedules;
  if (planned === 0) return `no order of its statements could be tried: ${uncovered.join("; ")}`;
  const why = [...reasons, ...unshown].join("; ");
  if (realised < planned) return `${realised} of ${planned} orders of its statements were realised: ${why}`;
  return unshown.length > 0 ? `no order of its statements shows that it is gone: ${why}` : undefined;
}
