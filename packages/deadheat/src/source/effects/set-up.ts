import type { ClassDefinition } from "../project/definitions.ts";
import type { Run } from "./run.ts";
import { type Type, typeFromAnnotation } from "./types.ts";

const NONE: ReadonlyMap<string, Type> = new Map();
const known = new WeakMap<ClassDefinition, ReadonlyMap<string, Type>>();

/** `def __init__(self, order: Order): self.order = order`: what an object's own attributes are, by what set them up. */
export function typeOfOwn(run: Run, cls: ClassDefinition, name: string): Type | undefined {
  const init = run.program.project.method(cls, "__init__");
  if (!init || init === run.fn) return undefined;
  run.program.noteRead(init);
  let types = known.get(cls);
  if (!types) {
    known.set(cls, NONE);
    types = typesIn({ program: run.program, fn: init });
    known.set(cls, types);
  }
  return types.get(name);
}

function typesIn(at: Pick<Run, "program" | "fn">): ReadonlyMap<string, Type> {
  const node = at.fn.decode();
  const found = new Map<string, Type>();
  for (const statement of node.body) {
    if (statement.kind !== "assign" || statement.target.kind !== "attribute") continue;
    const { target, value } = statement;
    if (target.object.kind !== "name" || target.object.id !== "self") continue;
    const given = value?.kind === "name" ? value.id : undefined;
    const annotation =
      statement.annotation ??
      (value?.kind === "call" ? value.callee : node.parameters.find((one) => one.name === given)?.annotation);
    const type = annotation && typeFromAnnotation(at, annotation);
    if (type) found.set(target.name, type);
  }
  return found;
}
