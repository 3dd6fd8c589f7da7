import { counter } from "./counter.ts";
import type { Family } from "./family.ts";
import { limit } from "./limit.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { transfer } from "./transfer.ts";

/** A transfer is a counter at both its ends, and a set a limit on each text: the more special come first. */
export const families: readonly Family[] = [transfer, counter, set, limit, register];
export type { Calibration, CalibrationCall, Family, Fit } from "./family.ts";
