import { COMMON_METHODS } from "../facts/names.ts";
import type { FunctionNode } from "../parse/syntax.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { importTargets } from "../project/scan.ts";
import { isLeftToOthers } from "./overriding.ts";
import type { Program } from "./program.ts";
import type { Run } from "./run.ts";
import { type Type, typeFromAnnotation } from "./types.ts";

interface SetUp {
  types: ReadonlyMap<string, Type>;
  /** `self.model = Order`: the class itself, also one that is imported there. */
  classes: ReadonlyMap<string, ClassDefinition>;
  /** The use of an attribute said what it is: what all methods of the class call counts. */
  isByUse: boolean;
}

const NO_TYPES: SetUp["types"] = new Map();
const NO_CLASSES: SetUp["classes"] = new Map();
/** By program: a class whose file has not changed lives on in the next one, the models that it names do not. */
const known = new WeakMap<Program, Map<ClassDefinition, SetUp>>();

/** `def __init__(self, order: Order): self.order = order`: what an object's own attributes are, by what set them up. */
export function typeOfOwn(run: Run, cls: ClassDefinition, name: string): Type | undefined {
  return setUpIn(run, cls)?.types.get(name);
}

/** `self.model = Order` in `__init__`. */
export function classOfOwn(run: Run, cls: ClassDefinition, name: string): ClassDefinition | undefined {
  return setUpIn(run, cls)?.classes.get(name);
}

function setUpIn({ program, fn }: Run, cls: ClassDefinition): SetUp | undefined {
  const init = program.project.method(cls, "__init__");
  if (!init || init === fn) return undefined;
  program.noteRead(init);
  const setUp = setUpOf(program, cls, init);
  if (setUp.isByUse) for (const method of cls.methods.values()) program.noteRead(method);
  return setUp;
}

function setUpOf(program: Program, cls: ClassDefinition, init: FunctionDefinition): SetUp {
  const classes = known.get(program) ?? new Map<ClassDefinition, SetUp>();
  known.set(program, classes);
  const done = classes.get(cls);
  if (done) return done;
  // Known before it is complete: an `__init__` may lead back to its own class.
  const setUp: SetUp = { types: NO_TYPES, classes: NO_CLASSES, isByUse: false };
  classes.set(cls, setUp);
  const node = init.decode();
  setUp.types = typesIn({ program, fn: init }, node, cls, setUp);
  setUp.classes = classesIn({ program, fn: init }, node);
  return setUp;
}

function typesIn(
  at: Pick<Run, "program" | "fn">,
  node: FunctionNode,
  cls: ClassDefinition,
  setUp: SetUp,
): ReadonlyMap<string, Type> {
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
    const declared = annotation && typeFromAnnotation(at, annotation);
    const isByUse = isGiven && (!declared || isInterface(declared));
    if (isByUse) setUp.isByUse = true;
    const type = (isByUse ? typeByUse(at, cls, target.name) : undefined) ?? declared;
    if (type) found.set(target.name, type);
  }
  return found;
}

function classesIn(
  { program: { project }, fn }: Pick<Run, "program" | "fn">,
  { body, parameters }: FunctionNode,
): ReadonlyMap<string, ClassDefinition> {
  const imported = new Map<string, ClassDefinition>();
  const found = new Map<string, ClassDefinition>();
  for (const one of body) {
    if (one.kind === "import")
      for (const [name, target] of importTargets(fn.module, one)) {
        const definition = project.imported(fn.module, target);
        if (definition.kind === "class") imported.set(name, definition);
      }
    if (one.kind !== "assign" || one.target.kind !== "attribute" || one.value?.kind !== "name") continue;
    const { id } = one.value;
    if (textOf(one.target.object) !== "self" || parameters.some((it) => it.name === id)) continue;
    const definition = imported.get(id) ?? project.resolve(fn.module, one.value);
    if (definition?.kind === "class") found.set(one.target.name, definition);
  }
  return found;
}

/** `class Votes(Protocol): def add(self, user): ...` says only what others have. */
function isInterface({ cls }: Type): boolean {
  const methods = [...(cls?.methods.values() ?? [])].filter((one) => one.name !== "__init__");
  return methods.length > 0 && methods.every(isLeftToOthers);
}

/**
 * Handed in without a type, or with that of an interface: the one class that has all of the methods that are called on
 * it, where one of them is a name that no other class has.
 */
function typeByUse(
  { program: { project, models } }: Pick<Run, "program">,
  cls: ClassDefinition,
  name: string,
): Type | undefined {
  const text = [...cls.methods.values()].map((one) => one.text()).join("\n");
  const called = new Set(
    [...text.matchAll(new RegExp(`\\bself\\.${name}\\.(\\w+)\\(`, "g"))].map((one) => one[1]!),
  );
  for (const method of called) {
    if (COMMON_METHODS.has(method) || method.startsWith("__")) continue;
    const [only, another] = project.methodsNamed(method).filter((one) => !isLeftToOthers(one));
    const owner = another ? undefined : only?.owner;
    if (!owner || owner === cls || ![...called].every((one) => project.method(owner, one))) continue;
    return models.isModel(owner) ? { model: models.of(owner), many: false } : { cls: owner, many: false };
  }
  return undefined;
}
