import { counter } from "./counter.ts";
import type { Family } from "./family.ts";
import { limit } from "./limit.ts";
import { register } from "./register.ts";

export const families: readonly Family[] = [counter, limit, register];
export type { Calibration, CalibrationCall, Family, Fit } from "./family.ts";
