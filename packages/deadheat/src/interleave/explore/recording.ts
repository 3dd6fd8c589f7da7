import type { SqlStatement } from "../../plan/interleaving.ts";
import { Recorder } from "../capture/recorder.ts";
import type { SqlAnalyser } from "../capture/sql.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";

/**
 * What is said to the database while `work` runs. It has to be all that runs: then every connection that says
 * something belongs to it, persistent, pooled or opened for it.
 */
export async function recording(
  proxy: DatabaseProxy,
  analyser: SqlAnalyser,
  work: () => Promise<void>,
  onIsolation: (level: string) => void = () => {},
): Promise<readonly SqlStatement[]> {
  const recorder = new Recorder(analyser);
  const stop = proxy.observe({
    statement(statement) {
      const { facts } = recorder.note(statement);
      if (facts.isolation !== undefined) onIsolation(facts.isolation);
      return undefined;
    },
    answered: (...answer) => recorder.answered(...answer),
  });
  try {
    await work();
  } finally {
    stop();
  }
  return recorder.statements();
}
