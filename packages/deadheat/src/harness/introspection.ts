import type { RunningRoute } from "../plan/running-route.ts";
import { MARK } from "./scripts/routes.ts";

/** What the project says of itself once its settings are loaded. */
export interface Introspection {
  readonly routes: readonly RunningRoute[];
  /** Of drf-spectacular, where that is installed. */
  readonly document: Readonly<Record<string, unknown>> | null;
  /** Settings that were replaced, and by what. */
  readonly replaced: readonly string[];
}

export interface MadeUser {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  /** By kind: `authtoken`, `jwt`, `knox`. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** The answer of a script, whatever else was printed. */
export function answerIn<T>(stdout: string): T | undefined {
  const at = stdout.lastIndexOf(MARK);
  if (at < 0) return undefined;
  const line = stdout.slice(at + MARK.length).split("\n")[0] as string;
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
