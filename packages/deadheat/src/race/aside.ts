import type { RaceContext } from "./context.ts";

/**
 * Sets the scene of a trial: people and objects that nobody else knows of. Other races may do so at the same time, where
 * the run lets them (`RaceContext.aside`); what is read, raced and measured comes after it, and is one race's alone.
 */
export function aside<T>(context: Pick<RaceContext, "aside">, scene: () => Promise<T>): Promise<T> {
  return context.aside ? context.aside(scene) : scene();
}
