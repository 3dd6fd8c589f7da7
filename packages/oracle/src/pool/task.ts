import type { CheckResult } from "../check.ts";
import { OracleError, type OracleErrorCode } from "../errors.ts";
import type { History } from "../history.ts";
import type { Model } from "../model.ts";
import { modelNamed } from "../models/named.ts";

/**
 * A model that a thread can find for itself: functions cannot be sent. A name as for `modelNamed`, or an
 * export of a module that makes the model from `args`.
 */
export type ModelReference =
  | string
  | {
      /** A file URL or package name. */
      readonly module: string;
      readonly export: string;
      /** Anything that can be cloned. */
      readonly args?: readonly unknown[];
    };

/** What a thread is asked. */
export interface PoolTask {
  readonly model: ModelReference;
  readonly history: History<unknown, unknown>;
  readonly options: {
    readonly maxConfigs?: number;
    readonly deadlineMs?: number;
    readonly witness?: boolean | { readonly maxConfigs?: number; readonly deadlineMs?: number };
  };
}

/** What it answers. */
export type PoolReply =
  | { readonly result: CheckResult }
  | {
      readonly error: {
        readonly code: OracleErrorCode;
        readonly message: string;
        readonly operation: string | undefined;
      };
    };

/** @throws OracleError `unknown-model` */
// biome-ignore lint/suspicious/noExplicitAny: its states are its own affair
export async function resolveModel(reference: ModelReference): Promise<Model<any, unknown, unknown>> {
  if (typeof reference === "string") return modelNamed(reference);
  const { module, export: name, args = [] } = reference;
  let found: unknown;
  try {
    found = ((await import(module)) as Record<string, unknown>)[name];
  } catch (cause) {
    throw new OracleError("unknown-model", `the module ${module} does not load`, { cause });
  }
  if (typeof found !== "function") {
    throw new OracleError("unknown-model", `${module} has no function ${name} that makes a model`);
  }
  return found(...args) as Model<unknown, unknown, unknown>;
}
