import type { Expression } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import { fieldAtom } from "./dependencies.ts";
import type { Run } from "./run.ts";
import type { Row, Value } from "./values.ts";

/** Saves only where the state is still the one that was read. */
const ASKS_AGAIN = /(^|\.)ConcurrentTransition(Mixin)?$/;

/**
 * `@transition(field=state, source="draft", target="issued")` of django-fsm: refuses in another state, by what the
 * object holds, and when the method has returned, sets the new one in the object. Who calls it saves.
 */
export function enterTransition(
  run: Run,
  decorators: readonly Expression[],
  self: Value | undefined,
): () => void {
  if (self?.kind !== "row" || !self.model || !run.fn.owner) return stays;
  const decorator = decorators.find(isTransition);
  const column = decorator && columnIn(decorator);
  if (!decorator || column === undefined || asksAgain(run)) return stays;
  if (!isFromAnywhere(decorator)) refuse(run, self, column, decorator);
  return () => run.assign(self, column, run.scalar([], { literal: "[target]" }), decorator);
}

const stays = () => {};

type Call = Expression & { readonly kind: "call" };

function isTransition(one: Expression): one is Call {
  return one.kind === "call" && /(^|\.)transition$/.test(textOf(one.callee));
}

function given({ args }: Call, name: string): Expression | undefined {
  return args.find((one) => one.name === name)?.value;
}

function columnIn(decorator: Call): string | undefined {
  const field = given(decorator, "field");
  if (field?.kind === "name") return field.id;
  return field?.kind === "string" ? field.value : undefined;
}

function isFromAnywhere(decorator: Call): boolean {
  const source = given(decorator, "source");
  return source === undefined || (source.kind === "string" && /^[*+]$/.test(source.value));
}

function asksAgain({ fn, program }: Run): boolean {
  const { classes, external } = program.project.lineage(fn.owner!);
  return [...external, ...classes.map((one) => one.name)].some((one) => ASKS_AGAIN.test(one));
}

function refuse(run: Run, self: Row, column: string, decorator: Call): void {
  const state = fieldAtom(self, column, run.site(decorator), run.seq);
  const guard = Object.assign(run.guard("test", [state], decorator), { refuses: true });
  run.guards = [...run.guards, guard];
  run.refusals.push(guard);
}
