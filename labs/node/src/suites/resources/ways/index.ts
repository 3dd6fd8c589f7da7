import type { Guard } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { advisoryLock } from "./advisory-lock.ts";
import { atOnce } from "./at-once.ts";
import { queue } from "./queue.ts";
import { rowLock } from "./row-lock.ts";
import { serializable } from "./serializable.ts";
import { version } from "./version.ts";
import type { Way } from "./way.ts";

/** How an operation can be made right. */
export const WAYS = {
  "row-lock": rowLock,
  "conditional-update": atOnce,
  /** A unique or a foreign key of the table. */
  constraint: atOnce,
  serializable,
  version,
  "advisory-lock": advisoryLock,
  queue,
} as const satisfies Record<string, (guard: Guard, half: Half) => Way>;

export type WayName = keyof typeof WAYS;
