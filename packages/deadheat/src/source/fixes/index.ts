export { type HeldTokens, holdTokens, type OperationName } from "./atomic-views/index.ts";
export { ATOMIC_VIEWS } from "./atomic-views/module.ts";
export { fixes } from "./kinds.ts";
export type { ClassName, Fixed, FixOptions, FixReport, Patch, Unfixed } from "./project.ts";
export { fixProject } from "./project.ts";
export { writePatches } from "./write.ts";
