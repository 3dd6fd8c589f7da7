import type { CapturingStage, SqlStatement } from "../../plan/interleaving.ts";
import type { SqlAnalyser } from "../capture/sql.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";
import { recording } from "./recording.ts";

/** Plays a pair one after the other, `alone` first, and records that one. */
export function captureStage(
  proxy: DatabaseProxy,
  analyser: SqlAnalyser,
  alone: "first" | "second",
  onIsolation: (level: string) => void,
): CapturingStage {
  let statements: readonly SqlStatement[] = [];
  return {
    async play(first, second) {
      const [one, other] = alone === "first" ? [first, second] : [second, first];
      statements = await recording(proxy, analyser, one.request, onIsolation);
      await one.afterwards?.();
      await other.request();
      await other.afterwards?.();
    },
    captured: () => statements,
  };
}
