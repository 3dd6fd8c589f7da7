import type { Parameter } from "../parse/syntax.ts";
import type { ClassDefinition } from "../project/definitions.ts";
import { textOf } from "../project/project.ts";
import { serializerModel, viewQuery } from "./framework-methods.ts";
import { formOfView } from "./partial-saves.ts";
import { asking } from "./prologue.ts";
import type { Run } from "./run.ts";
import { validateForm } from "./validators.ts";
import type { Row, Value } from "./values.ts";

/** Parameters of hooks that DRF and Django call: which of them is a form, which the row that is written. */
const HOOKS: Readonly<Record<string, { readonly parameter: string; readonly updates: boolean }>> = {
  perform_create: { parameter: "serializer", updates: false },
  perform_update: { parameter: "serializer", updates: true },
  perform_destroy: { parameter: "instance", updates: true },
  form_valid: { parameter: "form", updates: false },
};

export function bindHook(run: Run, parameter: Parameter, index: number, key: string): Value | undefined {
  const { owner, name } = run.fn;
  if (owner && index === 2 && /^(save|delete)_model$/.test(name)) {
    const of = modelOfAdmin(run, owner);
    return of && run.row("parameter", key, { parameter: parameter.name, model: of, cls: of.definition });
  }
  const hook = HOOKS[name];
  if (!owner || !hook || index !== 1) return undefined;
  const model = modelOfView(run);
  if (hook.parameter === "instance")
    return model && run.row("parameter", key, { parameter: parameter.name, model, cls: model.definition });
  const form = run.row("parameter", key, {
    parameter: parameter.name,
    cls: formOfView(run.program.project, owner, name),
  });
  Object.assign(form, { serializer: true, ...(model ? { target: model } : {}) });
  const { external } = run.program.project.lineage(owner);
  if (model && (hook.updates || external.some((one) => /(^|\.)UpdateView$/.test(one))))
    run.setAttribute(form, "instance", instanceOf(run, form, model));
  // `form.instance.author = …` before the view makes it.
  else if (name === "form_valid" && external.some((one) => /(^|\.)CreateView$/.test(one)))
    run.setAttribute(
      form,
      "instance",
      run.row("new", `#form${run.program.fresh()}`, { ...(model ? { model, cls: model.definition } : {}) }),
    );
  return form;
}

/** Before the hook is called its form has been validated: what that refused holds for what the hook writes. */
export function validateGiven(run: Run, parameters: ReadonlyMap<string, Value>): void {
  const { owner, name, start } = run.fn;
  const given = [...parameters.values()][1];
  if (!owner || !/^(form_valid|perform_create)$/.test(name) || given?.kind !== "row" || !given.cls) return;
  asking(run, () => validateForm(run, given, { start, end: start }));
}

function instanceOf(run: Run, form: Row, model: NonNullable<Row["model"]>): Row {
  return run.row("related", `${form.key}.instance`, {
    model,
    cls: model.definition,
    parent: { row: form, name: "instance" },
  });
}

function modelOfView(run: Run): Row["model"] {
  const owner = run.fn.owner!;
  const given = serializerModel(run, owner);
  if (given) return given;
  const query = viewQuery(run, { kind: "class", cls: owner, dotted: owner.name, deps: [] });
  return query.kind === "query" ? query.model : undefined;
}

/** `@admin.register(Volume) class VolumeAdmin`; registered by a call, the name of the class says which. */
function modelOfAdmin({ program: { models, project } }: Run, owner: ClassDefinition): Row["model"] {
  for (const one of owner.decorators) {
    const given = one.kind === "call" && /(^|\.)register$/.test(textOf(one)) ? one.args[0]?.value : undefined;
    const found = given && project.resolve(owner.module, given);
    if (found?.kind === "class") return models.of(found);
  }
  const name = /^(\w+?)(Model)?Admin$/.exec(owner.name)?.[1];
  return name === undefined ? undefined : models.named(name);
}
