import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition, Definition, Module } from "../project/definitions.ts";
import type { Model } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import type { Run } from "./run.ts";
import { NONE, type Value } from "./values.ts";

export interface Type {
  readonly model?: Model;
  readonly cls?: ClassDefinition;
  readonly many: boolean;
}

/** Where names are looked up. */
interface Place {
  readonly program: Run["program"];
  readonly fn: { readonly module: Module };
}

/** `order: "Order"`, `Optional[Order]`, `Order | None`, `QuerySet[Order]`; of `Union[Order, Cart]` the first. */
export function typeFromAnnotation(run: Place, annotation: Expression): Type | undefined {
  if (annotation.kind === "string") return typeNamed(run, annotation.value);
  if (annotation.kind === "binary") return firstTyped(run, [annotation.left, annotation.right]);
  if (annotation.kind === "subscript") {
    const outer = textOf(annotation.object);
    const inner = annotation.index[0];
    if (/Optional$/.test(outer) && inner) return typeFromAnnotation(run, inner);
    if (/(^|\.)Union$/.test(outer))
      return firstTyped(
        run,
        annotation.index.flatMap((one) => (one.kind === "sequence" ? one.items : [one])),
      );
    if (/(QuerySet|Manager)$/.test(outer) && inner) {
      const type = typeFromAnnotation(run, inner);
      return type && { ...type, many: true };
    }
    return undefined;
  }
  if (annotation.kind === "other" && annotation.parts[0]) return typeFromAnnotation(run, annotation.parts[0]);
  return typeOf(run, run.program.project.resolve(run.fn.module, annotation), textOf(annotation));
}

function firstTyped(run: Place, annotations: readonly Expression[]): Type | undefined {
  for (const one of annotations) {
    const type = typeFromAnnotation(run, one);
    if (type) return type;
  }
  return undefined;
}

function typeNamed(run: Place, text: string): Type | undefined {
  const name = text
    .replace(/^Optional\[(.*)\]$/, "$1")
    .split("|")[0]!
    .trim()
    .replace(/^.*\./, "");
  if (!/^[A-Z]\w*$/.test(name)) return undefined;
  return typeOf(run, run.program.project.lookup(run.fn.module, name), name);
}

function typeOf(run: Place, found: Definition | undefined, name: string): Type | undefined {
  const { models } = run.program;
  if (found?.kind === "class")
    return models.isModel(found) ? { model: models.of(found), many: false } : { cls: found, many: false };
  const last = name.split(".").at(-1) ?? "";
  // From a module of models that is out of sight.
  const dotted = found?.kind === "external" ? found.dotted : name;
  if (/(^|\.)models(\.\w+)*\.[A-Z]\w*$/.test(dotted) && !/^django\.db/.test(dotted))
    return { model: models.named(last), many: false };
  return undefined;
}

/** The value that a name of the module stands for. */
export function valueOfDefinition(run: Run, found: Definition, name: string): Value {
  const { models } = run.program;
  switch (found.kind) {
    case "class":
      return {
        kind: "class",
        cls: found,
        ...(models.isModel(found) ? { model: models.of(found) } : {}),
        dotted: found.name,
        deps: NONE,
      };
    case "function":
      return { kind: "function", fn: found, dotted: found.qualified, deps: NONE };
    case "module":
      return { kind: "module", module: found.module, dotted: found.module.name, deps: NONE };
    case "external":
      return externalValue(run, found.dotted);
    default:
      return moduleValue(run, found.expression, name, found.module);
  }
}

/** Imported from out of sight: a capitalised name is a class, and a model where it has a manager. */
export function externalValue(run: Run, dotted: string): Value {
  const last = dotted.split(".").at(-1) as string;
  if (/^[A-Z]/.test(last) && !/^[A-Z0-9_]+$/.test(last)) {
    const isModel =
      /(^|\.)models(\.\w+)*\.\w+$/.test(dotted) &&
      !/^(django\.(db|utils|forms)|rest_framework)\b/.test(dotted);
    return {
      kind: "class",
      dotted,
      deps: NONE,
      ...(isModel ? { model: run.program.models.named(last) } : {}),
    };
  }
  return { kind: "module", dotted, deps: NONE };
}

/** `get_access_token_model()`: a model that the settings name; its own name is in the function's. */
export function modelGivenBy(run: Run, name: string): Value | undefined {
  const words = /^get_(\w+)_model$/.exec(name)?.[1];
  if (!words || words === "user") return undefined;
  const { models } = run.program;
  const likely = models.named(
    words.replace(/(^|_)(\w)/g, (_all, _bar: string, letter: string) => letter.toUpperCase()),
  );
  // Knox's `get_token_model()` gives an `AuthToken`: a name that no class has says nothing of the table.
  const model = likely.definition ? likely : models.named(`${name}()`);
  return {
    kind: "class",
    model,
    ...(model.definition ? { cls: model.definition } : {}),
    dotted: model.name,
    deps: NONE,
  };
}

function moduleValue(run: Run, expression: Expression, name: string, module: Module): Value {
  if (expression.kind === "call") {
    const callee = textOf(expression.callee);
    const last = callee.split(".").at(-1) as string;
    if (last === "get_user_model")
      return { kind: "class", model: run.program.models.user(), dotted: "User", deps: NONE };
    const given = modelGivenBy(run, last);
    if (given && expression.args.length === 0) return given;
    if (last === "get_model" || last === "swapper_load_model") {
      const given = expression.args.at(-1)?.value;
      if (given?.kind === "string") {
        const model = run.program.models.registered(given.value);
        return {
          kind: "class",
          model,
          ...(model.definition ? { cls: model.definition } : {}),
          dotted: model.name,
          deps: NONE,
        };
      }
    }
  }
  const made = expression.kind === "call" ? objectOf(run, expression.callee, module) : undefined;
  if (made) return made;
  if (expression.kind === "constant") return run.scalar(NONE, { literal: expression.value });
  if (expression.kind === "number" || expression.kind === "string")
    return run.scalar(NONE, { literal: name });
  return run.scalar(NONE);
}

/** `payables = Payables()` at the top level: one object for all, whose methods are those of its class. */
function objectOf(run: Run, callee: Expression, module: Module): Value | undefined {
  const cls = run.program.project.resolve(module, callee);
  if (cls?.kind !== "class" || run.program.models.isModel(cls)) return undefined;
  return run.row("call", `#${cls.name}${run.program.fresh()}`, { cls });
}
