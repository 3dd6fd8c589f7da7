import { counter } from "./counter.ts";
import type { Family } from "./family.ts";
import { limit } from "./limit.ts";

export const families: readonly Family[] = [counter, limit];
export type { Calibration, CalibrationCall, Family, Fit } from "./family.ts";
