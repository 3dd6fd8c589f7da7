import { type Operation as ApiOperation, operationName } from "../../plan/operation.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import type { Trial } from "../scenarios/scenario.ts";
import { labelsOf, OTHER } from "./judge.ts";
import { answered } from "./notes.ts";
import { NAMES, type OneAtATime } from "./pair.ts";
import type { Halves, Look } from "./parts.ts";
import { differences } from "./state.ts";
import { shownIn } from "./watch.ts";

/** The write, and the two reads that tell; without these all that was seen fits. */
export function historyOf(known: OneAtATime, write: Exchange, halves: Halves | undefined): Trial["history"] {
  const input = { type: "call", name: "a", acknowledged: known.acknowledged[0] } as const;
  return [
    {
      id: "r1",
      process: "c1",
      invoke: write.invoke,
      ...(write.return === undefined ? {} : { return: write.return }),
      input,
      outcome: succeeded(write) ? "ok" : "unknown",
    },
    ...(halves ? [read(known, halves.first, "read1"), read(known, halves.second, "read2")] : []),
  ];
}

function read({ states: all }: OneAtATime, look: Look, id: string): Trial["history"][number] {
  const { name, state, invoke, return: end } = look;
  const states = new Map([...all].map(([sequence, one]) => [sequence, shownIn(one, name)]));
  const like = [...states].find(([, one]) => differences(one, state).length === 0)?.[0];
  const labels = labelsOf(states);
  const output = like === undefined ? OTHER : labels[like];
  const at = { invoke, return: end };
  return { id, process: id, ...at, input: { type: "read", states: labels }, output, outcome: "ok" };
}

/** What the two reads and the write are called in pictures. */
export function notesOf(
  operation: ApiOperation,
  write: Exchange,
  halves: Halves | undefined,
): Trial["calls"] {
  const note = ({ name, exchange }: Look, part: string) => ({
    operation: name,
    does: `read ${part.slice(name.length + 1)}`,
    ...answered(exchange),
  });
  return new Map([
    ["r1", { operation: operationName(operation), does: `call it (${NAMES[0]})`, ...answered(write) }],
    ...(halves
      ? ([
          ["read1", note(halves.first, halves.there)],
          ["read2", note(halves.second, halves.missing)],
        ] as const)
      : []),
  ]);
}
