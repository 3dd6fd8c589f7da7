export type { HarnessConfig } from "./config.ts";
export { copyProject } from "./copy.ts";
export type { MadeUp } from "./environment.ts";
export { type Step, StepFailed } from "./failure.ts";
export type { Introspection, MadeUser } from "./introspection.ts";
export { type OpenedProject, type OpenOptions, openProject } from "./open.ts";
export { USERS as usersScript } from "./scripts/users.ts";
export type { RunningServer } from "./server.ts";
export { openWorld, type World } from "./world.ts";
