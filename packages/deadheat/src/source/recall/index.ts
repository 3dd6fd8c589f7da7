import type { CheckReport } from "../finding.ts";
import { type Grammar, GrammarNeeded, loadGrammar, NO_GRAMMAR } from "../parse/grammar.ts";
import { findSources } from "../project/files.ts";
import { compareFiles, keptAsItIs } from "./file-states.ts";
import { FilesKept } from "./files-kept.ts";
import { fromMemory } from "./from-memory.ts";
import { fromScratch } from "./from-scratch.ts";
import { Keeping } from "./keeping.ts";
import type { Sections } from "./sections.ts";

/**
 * Checks a folder by what the last run over it left (in the folder `cache`), and leaves the same for the next one. The
 * report is that of a run without it, whatever is in there.
 */
export async function checkWithMemory(
  path: string,
  { cache, tests, onFile }: { readonly cache: string; readonly tests: boolean; readonly onFile?: () => void },
): Promise<CheckReport> {
  const begun = Date.now();
  const files = await findSources(path, { tests });
  const keeping = new Keeping(cache, path, tests);
  const last = keeping.read();
  if (last) {
    const report = await orNothing(() => again(last));
    if (report) return report;
  }
  const { report, sections } = await fromScratch(path, files, begun, keeping.summaries, onFile);
  if (sections) keeping.write(sections);
  return report;

  async function again(kept: Sections): Promise<CheckReport | undefined> {
    const before = FilesKept.read(kept);
    const today = compareFiles(files, before);
    if (today.isSame) {
      const report = kept.json<CheckReport>("report");
      if (today.isTouched)
        keeping.write({
          ...kept.all(),
          ...FilesKept.of(begun, today.files.map(keptAsItIs), before).sections(),
        });
      return report;
    }
    const made = await withGrammar((grammar) =>
      fromMemory(path, begun, today, before, { sections: kept, summaries: keeping.summaries }, grammar),
    );
    if (made?.sections) keeping.write(made.sections);
    return made?.report;
  }
}

/** Most often there is nothing in what has changed that only the grammar knows. */
async function withGrammar<T>(body: (grammar: Grammar) => T): Promise<T> {
  try {
    return body(NO_GRAMMAR);
  } catch (error) {
    if (!(error instanceof GrammarNeeded)) throw error;
    return body(await loadGrammar());
  }
}

/** Whatever is wrong with what was kept, or comes of it: then all is read anew. */
async function orNothing<T>(body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch {
    return undefined;
  }
}
