import { OracleError } from "../errors.ts";
import type { Model } from "../model.ts";
import { casRegister } from "./cas-register.ts";
import { counter } from "./counter.ts";
import { guard } from "./guard.ts";
import { kv } from "./kv.ts";
import { limit } from "./limit.ts";
import { owned } from "./owned.ts";
import { register } from "./register.ts";
import { replayed } from "./replayed.ts";
import { set } from "./set.ts";
import { tolerant } from "./tolerant.ts";
import { transfer } from "./transfer.ts";

/** A model whose inputs come from outside the program, such as a file. */
// biome-ignore lint/suspicious/noExplicitAny: its states are its own affair
export type NamedModel = Model<any, unknown, unknown>;

const PLAIN: Readonly<Record<string, () => unknown>> = {
  register: () => register(),
  "cas-register": () => casRegister(),
  kv: () => kv(),
  counter: () => counter(),
  set: () => set(),
  owned: () => owned(),
  replayed: () => replayed(),
};

/** The names that `modelNamed` knows, with their parameters: `limit:K`, `transfer:A:B[:FLOOR]`. */
export const modelNames: readonly string[] = [
  ...Object.keys(PLAIN),
  "limit:K",
  "transfer:A:B[:FLOOR]",
  "guard:MODEL",
  "tolerant:MODEL",
];

/**
 * A model by name, as on a command line: `kv`, `limit:3`, `transfer:100:50`, `guard:limit:1`,
 * `tolerant:guard:counter`.
 *
 * @throws OracleError `unknown-model` with the names there are
 */
export function modelNamed(name: string): NamedModel {
  const [head = "", ...rest] = name.split(":");
  const inner = rest.join(":");
  const numbers = rest.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  const plain = rest.length === 0 && Object.hasOwn(PLAIN, head) ? PLAIN[head] : undefined;
  if (plain !== undefined) return plain() as NamedModel;
  if (head === "guard" && inner !== "") return guard(modelNamed(inner)) as NamedModel;
  if (head === "tolerant" && inner !== "") return tolerant(modelNamed(inner));
  const [first = 0, second = 0, third = 0] = numbers;
  if (head === "limit" && numbers.length === 1 && Number.isInteger(first) && first >= 0) {
    return limit(first) as NamedModel;
  }
  if (head === "transfer" && (rest.length === 2 || rest.length === 3) && numbers.every(Number.isFinite)) {
    return transfer({ a: first, b: second }, third) as NamedModel;
  }
  throw new OracleError(
    "unknown-model",
    `no model ${JSON.stringify(name)}; there are ${modelNames.join(", ")}`,
  );
}
