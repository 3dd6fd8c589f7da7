import { judgeByMemory, type Verdicts } from "../judge.ts";
import { authenticatorGaps } from "../requests/authenticators.ts";
import type { ActingRecord } from "./acting.ts";
import type { Numbering } from "./numbering.ts";
import type { Recollection } from "./recollection.ts";
import type { TellingAgain } from "./told.ts";

/** All that is to be said of a program, by what is remembered of it. */
export function judgedBy(
  recollection: Recollection,
  telling: TellingAgain,
  acting: ActingRecord,
  numbering: Numbering,
): Verdicts {
  const { program } = recollection;
  const judged = judgeByMemory(
    recollection,
    acting.ranks.flat(),
    (fn) => numbering.fn(fn),
    (one, of, make) => telling.finding(one, of, make),
  );
  const gaps = authenticatorGaps(program, (group, make) => telling.gap(program, group, make));
  return { ...judged, findings: [...judged.findings, ...gaps] };
}
