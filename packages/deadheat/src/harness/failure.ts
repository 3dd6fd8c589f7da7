/** What is done on the way to a running project, in this order. */
export type Step =
  | "layout"
  | "python"
  | "database"
  | "services"
  | "settings"
  | "migrate"
  | "fixtures"
  | "before"
  | "routes"
  | "server"
  | "users";

/** A step that failed: its last lines, and what would have to be in deadheat.yaml. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly step: Step;
  /** The last lines of what it said. */
  readonly lines: readonly string[];
  /** What to put into deadheat.yaml, or what to do otherwise. */
  readonly hint: string;

  constructor(step: Step, message: string, lines: readonly string[], hint: string) {
    super(message);
    this.step = step;
    this.lines = lines;
    this.hint = hint;
  }
}
