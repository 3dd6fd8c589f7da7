import type { CapturingStage, SqlResult, SqlStatement } from "../../plan/interleaving.ts";
import type { SqlAnalyser } from "../capture/sql.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";
import { type OpenRecording, recording, startRecording } from "./recording.ts";

/** Plays a pair one after the other, `alone` first, and records that one; and before it, what the set-up is answered. */
export function captureStage(
  proxy: DatabaseProxy,
  analyser: SqlAnalyser,
  alone: "first" | "second",
  onIsolation: (level: string) => void,
): CapturingStage {
  let statements: readonly SqlStatement[] = [];
  let before: readonly SqlResult[] = [];
  let earlier: OpenRecording | undefined = startRecording(proxy, analyser);
  const close = () => {
    if (earlier) before = earlier.end().results;
    earlier = undefined;
  };
  return {
    async play(first, second) {
      close();
      const [one, other] = alone === "first" ? [first, second] : [second, first];
      ({ statements } = await recording(proxy, analyser, one.request, onIsolation));
      await one.afterwards?.();
      await other.request();
      await other.afterwards?.();
    },
    captured: () => statements,
    answersBefore: () => before,
    close,
  };
}
