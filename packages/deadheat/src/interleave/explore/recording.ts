import type { Recording } from "../../plan/interleaving.ts";
import { Recorder } from "../capture/recorder.ts";
import type { SqlAnalyser } from "../capture/sql.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";

/** Looks at what is said to the database until `end` is called. */
export interface OpenRecording {
  end(): Recording;
}

/** It has to be all that runs: then every connection that says something belongs to it. */
export function startRecording(
  proxy: DatabaseProxy,
  analyser: SqlAnalyser,
  onIsolation: (level: string) => void = () => {},
): OpenRecording {
  const recorder = new Recorder(analyser);
  const stop = proxy.observe({
    statement(statement) {
      const { facts } = recorder.note(statement);
      if (facts.isolation !== undefined) onIsolation(facts.isolation);
      return undefined;
    },
    row: (...row) => recorder.row(...row),
    answered: (...answer) => recorder.answered(...answer),
  });
  return {
    end() {
      stop();
      return { statements: recorder.statements(), results: recorder.results() };
    },
  };
}

/** What is said to the database while `work` runs, over connections that are persistent, pooled or opened for it. */
export async function recording(
  proxy: DatabaseProxy,
  analyser: SqlAnalyser,
  work: () => Promise<void>,
  onIsolation?: (level: string) => void,
): Promise<Recording> {
  const open = startRecording(proxy, analyser, onIsolation);
  let recorded: Recording;
  try {
    await work();
  } finally {
    recorded = open.end();
  }
  return recorded;
}
