import type { ClassDefinition, Module } from "./definitions.ts";
import type { Project } from "./project.ts";

/** The project's class that `name` means in `module`: as it is written there, or its dotted name. */
export function classNamed(project: Project, module: Module, name: string): ClassDefinition | undefined {
  const last = name.split(".").at(-1) as string;
  const found = project.lookup(module, last);
  if (found?.kind === "class") return found;
  if (found?.kind === "external") return undefined;
  const own = project.classesNamed(last);
  if (!name.includes(".")) return own.length === 1 ? own[0] : undefined;
  return own.find(
    (one) => `${one.module.name}.${last}`.endsWith(name) || name.endsWith(`${one.module.name}.${last}`),
  );
}
