/** Fixes as commands see them (DESIGN §3: `cli` sees `engine`). */
export { type FixReport, fixProject, writePatches } from "../source/fixes/index.ts";
export { fixAsText } from "../source/fixes/output/console.ts";
export { fixAsJson } from "../source/fixes/output/json.ts";
