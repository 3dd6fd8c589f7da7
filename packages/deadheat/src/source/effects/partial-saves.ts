import type { ClassDefinition } from "../project/definitions.ts";
import { isOfModel } from "../project/form-kinds.ts";
import type { Project } from "../project/project.ts";
import type { Given } from "./arguments.ts";
import type { Row } from "./values.ts";

/** `partial=True`: what is not sent stays as it was read, and is saved with the rest. */
export function isPartial({ named }: Given): boolean {
  const partial = named.get("partial");
  return partial !== undefined && !(partial.kind === "scalar" && partial.literal === false);
}

/** `serializer_class = PlotSerializer`. */
export function serializerOfView(project: Project, view: ClassDefinition): ClassDefinition | undefined {
  return classOfView(project, view, "serializer_class");
}

function classOfView(
  project: Project,
  view: ClassDefinition,
  attribute: "serializer_class" | "form_class",
): ClassDefinition | undefined {
  const given = project.attribute(view, attribute);
  const found = given && project.resolve(given.owner.module, given.value);
  return found?.kind === "class" ? found : undefined;
}

/** What `form_valid(form)` and `perform_create(serializer)` are given, where the view names one class. */
export function formOfView(
  project: Project,
  view: ClassDefinition,
  hook: string,
): ClassDefinition | undefined {
  return classOfView(project, view, hook === "form_valid" ? "form_class" : "serializer_class");
}

/** A serializer of a model, of several columns, some of which were sent. (`form.partial`: its class, if that is known.) */
export function savesSome(project: Project, form: Row): boolean {
  const { partial } = form as { readonly partial?: ClassDefinition | boolean };
  if (typeof partial !== "object" || !isOfModel(project, partial)) return false;
  for (const { inner } of project.lineage(partial).classes) {
    const meta = inner.get("Meta")?.attributes;
    const fields = meta?.get("fields");
    if (fields?.kind === "sequence") return fields.items.length > 1;
    if (fields || meta?.has("exclude")) return true;
  }
  return false;
}
