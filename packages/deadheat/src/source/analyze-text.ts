import { Program } from "./effects/program.ts";
import type { SourceFinding } from "./finding.ts";
import { judge } from "./judge.ts";
import type { Grammar } from "./parse/grammar.ts";
import { parsePython } from "./parse/parse.ts";
import { Models } from "./project/models.ts";
import { Project } from "./project/project.ts";
import { scanModule } from "./project/scan.ts";
import { readSettings } from "./project/settings.ts";

/** Findings in sources that are in memory: for tests, editors, and for checking a fix before it is shown. */
export function analyseTexts(
  files: Readonly<Record<string, string>>,
  grammar: Grammar,
): readonly SourceFinding[] {
  return judge(programOf(files, grammar)).findings;
}

export function programOf(files: Readonly<Record<string, string>>, grammar: Grammar): Program {
  const modules = Object.entries(files).map(([path, text]) =>
    scanModule(path, text, parsePython(text, grammar)),
  );
  const project = new Project(modules);
  const settings = readSettings(modules);
  return new Program(project, new Models(project, settings.userModel), settings);
}
