import type { Span } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import { sameModel } from "../project/model.ts";
import { callDefinition } from "./call-definition.ts";
import { fieldsOf, isRecord } from "./construct.ts";
import type { Run } from "./run.ts";
import { type Type, typeFromAnnotation } from "./types.ts";
import { type Deps, keyOfMember, type Row, type Value } from "./values.ts";

/** `order: Order` in a class's body: what an attribute is, where a type says it. */
export function annotated(
  run: Run,
  row: Row,
  cls: ClassDefinition,
  name: string,
  deps: Deps,
  span: Span,
): Value | undefined {
  const type = typeBeside(run, cls, name);
  if (!type || type.many) return undefined;
  const { model } = type;
  if (model)
    return run.row("related", keyOfMember(row, name), {
      model,
      cls: model.definition,
      parent: { row, name },
      deps,
    });
  return row.model && type.cls
    ? holderOf(run, row, type.cls, span)
    : run.row("related", keyOfMember(row, name), { cls: type.cls, parent: { row, name }, deps });
}

function typeBeside(run: Run, cls: ClassDefinition, name: string): Type | undefined {
  const found = run.program.project.annotation(cls, name);
  return found && typeFromAnnotation({ program: run.program, fn: found.owner }, found.value);
}

/** `rules: OrderRules = lazy()` on a model: an object of that class that holds the row, where it takes one. */
function holderOf(run: Run, row: Row, cls: ClassDefinition, span: Span): Value | undefined {
  const made = run.row("new", `#${cls.name}${run.program.fresh()}`, { cls });
  const init = run.program.project.method(cls, "__init__");
  if (init) {
    const first = init.signature().parameters[1];
    const type =
      first?.annotation && typeFromAnnotation({ program: run.program, fn: init }, first.annotation);
    if (!sameModel(type?.model, row.model)) return undefined;
    callDefinition(run, init, made, [row], span, {});
    return made;
  }
  const [field] = isRecord(run, cls) ? fieldsOf(run, cls) : [];
  if (field === undefined || !sameModel(typeBeside(run, cls, field)?.model, row.model)) return undefined;
  run.assign(made, field, row, span);
  return made;
}
