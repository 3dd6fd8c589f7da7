import { operationName } from "../../plan/operation.ts";
import type { Plan } from "../../plan/plan.ts";
import type { OpenedProgram, Route } from "../../source/index.ts";
import { callsOut } from "../../source/index.ts";
import { operationOf } from "../join.ts";

/**
 * Operations that may be called in a throw-away world although a document makes them look as if they moved money or
 * sent mail: mail is kept on this machine, and the database is thrown away. Not those whose code calls out: to a
 * payment provider, an HTTP client, a cloud.
 */
export function harmlessHere(plan: Plan, opened: OpenedProgram, routes: readonly Route[]): string[] {
  const out = routes.filter((route) => callsOut(opened.program, route));
  const names = new Set(out.flatMap((route) => operationOf(route, plan.operations) ?? []).map(operationName));
  return plan.operations.map(operationName).filter((name) => !names.has(name));
}
