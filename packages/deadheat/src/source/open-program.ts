import { basename } from "node:path";
import { Program } from "./effects/program.ts";
import { type Loaded, loadModules } from "./load.ts";
import type { Module } from "./project/definitions.ts";
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
  options: { readonly tests?: boolean; readonly onFile?: () => void } = {},
): Promise<OpenedProgram> {
  const files = await findSources(path, options.tests ? { tests: true } : {});
  const loaded = await loadModules(files, options.onFile);
  return { ...loaded, files, program: programOf(path, loaded.modules) };
}

/** `path`: of the folder that the modules are of. */
export function programOf(path: string, modules: readonly Module[]): Program {
  const project = new Project(modules, basename(path));
  const settings = readSettings(modules);
  return new Program(project, new Models(project, settings.userModel), settings);
}
