import { basename } from "node:path";
import { Program } from "./effects/program.ts";
import { type Loaded, loadModules } from "./load.ts";
import { findSources, type SourceFile } from "./project/files.ts";
import { Models } from "./project/models.ts";
import { Project } from "./project/project.ts";
import { readSettings } from "./project/settings.ts";

export interface OpenedProgram extends Loaded {
  readonly program: Program;
  readonly files: readonly SourceFile[];
}

/** Reads the Python source under `path`. The project is never imported or run. */
export async function openProgram(
  path: string,
  options: { readonly tests?: boolean } = {},
): Promise<OpenedProgram> {
  const files = await findSources(path, options.tests ? { tests: true } : {});
  const loaded = await loadModules(files);
  const project = new Project(loaded.modules, basename(path));
  const settings = readSettings(loaded.modules);
  const models = new Models(project, settings.userModel);
  return { ...loaded, files, program: new Program(project, models, settings) };
}
