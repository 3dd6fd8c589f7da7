import type { RaceContext } from "./context.ts";

/** The same for what is set in the middle of a trial, while a request may be held: nobody else has a turn meanwhile. */
export function inTurn(context: RaceContext): RaceContext {
  const { aside: _, ...rest } = context;
  return rest;
}

/**
 * Sets the scene of a trial: people and objects that nobody else knows of. Other races may do so at the same time, where
 * the run lets them (`RaceContext.aside`); what is read, raced and measured comes after it, and is one race's alone.
 */
export function aside<T>(context: Pick<RaceContext, "aside">, scene: () => Promise<T>): Promise<T> {
  return context.aside ? context.aside(scene) : scene();
}
