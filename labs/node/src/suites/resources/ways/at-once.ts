import type { Guard } from "@deadheat/guard";
import type { Half } from "../../../half.ts";
import { inTransaction } from "./in-transaction.ts";
import type { Way } from "./way.ts";

/** Right only together with a statement that decides and writes in one, or with a constraint of the table. */
export function atOnce(guard: Guard, half: Half): Way {
  return (authorization, _names, work) =>
    guard.run(authorization, (guarded) => work(inTransaction(half, guarded)));
}
