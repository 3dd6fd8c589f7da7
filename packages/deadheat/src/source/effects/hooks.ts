import type { Parameter } from "../parse/syntax.ts";
import { serializerModel, viewQuery } from "./framework-methods.ts";
import type { Run } from "./run.ts";
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
  const hook = HOOKS[name];
  if (!owner || !hook || index !== 1) return undefined;
  const model = modelOfView(run);
  if (hook.parameter === "instance")
    return model && run.row("parameter", key, { parameter: parameter.name, model, cls: model.definition });
  const form = run.row("parameter", key, { parameter: parameter.name });
  Object.assign(form, { serializer: true, ...(model ? { target: model } : {}) });
  const { external } = run.program.project.lineage(owner);
  if (model && (hook.updates || external.some((one) => /(^|\.)UpdateView$/.test(one))))
    run.setAttribute(form, "instance", instanceOf(run, form, model));
  return form;
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
