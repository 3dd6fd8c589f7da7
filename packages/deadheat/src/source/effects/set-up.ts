import { COMMON_METHODS } from "../facts/names.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import type { Run } from "./run.ts";
import { type Type, typeFromAnnotation } from "./types.ts";

const NONE: ReadonlyMap<string, Type> = new Map();
/** Classes of which the use of an attribute said what it is: what all their methods call counts. */
const byUse = new WeakSet<ClassDefinition>();
const known = new WeakMap<ClassDefinition, ReadonlyMap<string, Type>>();

/** `def __init__(self, order: Order): self.order = order`: what an object's own attributes are, by what set them up. */
export function typeOfOwn(run: Run, cls: ClassDefinition, name: string): Type | undefined {
  const init = run.program.project.method(cls, "__init__");
  if (!init || init === run.fn) return undefined;
  run.program.noteRead(init);
  let types = known.get(cls);
  if (!types) {
    known.set(cls, NONE);
    types = typesIn({ program: run.program, fn: init }, cls);
    known.set(cls, types);
  }
  if (byUse.has(cls)) for (const method of cls.methods.values()) run.program.noteRead(method);
  return types.get(name);
}

function typesIn(at: Pick<Run, "program" | "fn">, cls: ClassDefinition): ReadonlyMap<string, Type> {
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
    const isGiven = node.parameters.some((one) => one.name === given);
    const type = annotation
      ? typeFromAnnotation(at, annotation)
      : isGiven
        ? typeByUse(at, cls, target.name)
        : undefined;
    if (type) found.set(target.name, type);
  }
  return found;
}

/**
 * Handed in without a type: the one class that has all of the methods that are called on it, where one of them is a
 * name that no other class has.
 */
function typeByUse(
  { program: { project, models } }: Pick<Run, "program">,
  cls: ClassDefinition,
  name: string,
): Type | undefined {
  byUse.add(cls);
  const text = [...cls.methods.values()].map((one) => one.text()).join("\n");
  const called = new Set(
    [...text.matchAll(new RegExp(`\\bself\\.${name}\\.(\\w+)\\(`, "g"))].map((one) => one[1]!),
  );
  for (const method of called) {
    if (COMMON_METHODS.has(method) || method.startsWith("__")) continue;
    const [only, another] = project.methodsNamed(method);
    const owner = another ? undefined : only?.owner;
    if (!owner || owner === cls || ![...called].every((one) => project.method(owner, one))) continue;
    return models.isModel(owner) ? { model: models.of(owner), many: false } : { cls: owner, many: false };
  }
  return undefined;
}
