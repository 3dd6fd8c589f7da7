export type { RaceSurroundings } from "./compile.ts";
export { loadRace, parseRace, raceFrom } from "./load.ts";
export { raceJsonSchema } from "./schema.ts";
