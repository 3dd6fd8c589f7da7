export type { Casting, Kind, OneAtATime, Outcome, Pair, Read, Scene } from "./pair.ts";
export { preparePair, worksAlone } from "./prepare.ts";
export { differences } from "./state.ts";
