import type { Program } from "../effects/program.ts";
import { judge, judgeByMemory, type Verdicts } from "../judge.ts";
import { functionsThatAct } from "../project/reach.ts";
import type { StampedFile } from "../stamped-file.ts";
import { Numbering } from "./numbering.ts";
import { fileRecord, isSameOutside } from "./outside.ts";
import { Misremembered } from "./recalling-program.ts";
import { Recollection } from "./recollection.ts";
import type { FileRecord, Memory } from "./record.ts";

/**
 * Judges a program by what the last run over the same folder knew, and leaves the same for the next one. The answer is
 * that of `judge`, whatever is in the memory. `whole` adds what is to be said once all functions are known.
 */
export function recall(
  program: Program,
  kept: StampedFile<Memory>,
  whole: (program: Program, judged: Verdicts) => Verdicts,
): Verdicts {
  const { modules } = program.project;
  const last = kept.read();
  const known = new Map(last?.files.map((one) => [one.path, one]));
  const files = modules.map((one) => fileRecord(one, known.get(one.path)));
  const usable = last && isSameOutside(files, last.files) ? last : undefined;
  try {
    const acting = functionsThatAct(program.project);
    const numbering = new Numbering(modules);
    const isSame = sameFunctions(files, usable?.files);
    const recollection = new Recollection(program, numbering, acting, usable?.functions ?? [], (fn) =>
      isSame(numbering.numberOf(fn)),
    );
    const judged = whole(recollection.program, judgeByMemory(recollection, acting));
    // Where the stack was too small for a function depends on who called it: nothing to go by.
    if (judged.partial.length === 0) kept.write({ files, functions: recollection.records() });
    return judged;
  } catch (error) {
    if (!(error instanceof Misremembered)) throw error;
    for (const { misread } of modules) misread.length = 0;
    return whole(program, judge(program));
  }
}

/** By the number of a function: whether its text is what it was. */
function sameFunctions(
  files: readonly FileRecord[],
  last: readonly FileRecord[] | undefined,
): (fn: number) => boolean {
  const same = files.flatMap((one, file) => {
    const before = last?.[file];
    return one.functions.map((hash, index) => before?.functions[index] === hash);
  });
  return (fn) => same[fn] === true;
}
