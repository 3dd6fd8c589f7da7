import type { Expression } from "../parse/syntax.ts";
import type { ClassDefinition, Definition, FunctionDefinition } from "./definitions.ts";
import type { Project } from "./project.ts";

const SERIALIZER = /(^|\.)\w*Serializer$/;
const FORM = /(^|\.)\w*(Form|FormSet)$/;
const OF_MODELS = /(^|\.)(\w*ModelSerializer|ModelForm)$/;
/** Attributes of views by which a class is known for what it is, whatever it is called. */
const USES: Readonly<Record<string, FormKind>> = { serializer_class: "serializer", form_class: "form" };

export type FormKind = "form" | "serializer";

/** What views and lists of validators tell of classes; only a look at all files tells it. */
export interface Uses {
  readonly kinds: { readonly get: (cls: ClassDefinition) => FormKind | undefined };
  readonly validators: { readonly get: (fn: FunctionDefinition) => readonly ClassDefinition[] | undefined };
}

interface UsesRead extends Uses {
  readonly kinds: ReadonlyMap<ClassDefinition, FormKind>;
  readonly validators: ReadonlyMap<Definition, readonly ClassDefinition[]>;
}

/** What an earlier run found. */
export function keepUses(project: Project, uses: Uses): void {
  known.set(project, uses);
}

const known = new WeakMap<Project, Uses>();

/** Validates what was sent, and may make a row of it: by the name of the class or of one above, or by its use in a view. */
export function formKind(project: Project, cls: ClassDefinition): FormKind | undefined {
  const { classes, external } = project.lineage(cls);
  const names = [...classes.map((one) => one.name), ...external];
  if (external.some((one) => /(^|\.)models\.Model$/.test(one))) return undefined;
  if (names.some((one) => SERIALIZER.test(one))) return "serializer";
  if (names.some((one) => FORM.test(one))) return "form";
  const { kinds } = usesIn(project);
  for (const one of classes) {
    const kind = kinds.get(one);
    if (kind) return kind;
  }
  return undefined;
}

/** It makes a row where nothing of its own says how. */
export function isOfModel(project: Project, cls: ClassDefinition): boolean {
  const { classes, external } = project.lineage(cls);
  if (external.some((one) => OF_MODELS.test(one))) return true;
  return classes.some((one) => one.inner.get("Meta")?.attributes.has("model")) && hasUnknownBase(external);
}

/** A base out of sight that is none of DRF's or Django's plain ones. */
function hasUnknownBase(external: readonly string[]): boolean {
  return external.some((one) => !/(^|\.)(Serializer|Form|BaseForm|ABC|Generic|object)$/.test(one));
}

/** Functions and `__call__` methods in `validators=[…]` of the fields of `cls`, and in its `Meta`. */
export function listedValidators(project: Project, cls: ClassDefinition): readonly FunctionDefinition[] {
  if (!cls.module.source.text.includes("validators")) return [];
  const found = new Set<FunctionDefinition>();
  const listed = (value: Expression | undefined) => {
    for (const one of value?.kind === "sequence" ? value.items : []) {
      const definition = project.resolve(cls.module, one.kind === "call" ? one.callee : one);
      const fn = definition?.kind === "class" ? project.method(definition, "__call__") : definition;
      if (fn?.kind === "function") found.add(fn);
    }
  };
  for (const [, value] of cls.attributes)
    if (value.kind === "call") listed(value.args.find((one) => one.name === "validators")?.value);
  listed(cls.inner.get("Meta")?.attributes.get("validators"));
  return [...found];
}

/** Forms and serializers that have `fn` among the validators that they list. */
export function listedBy(project: Project, fn: FunctionDefinition): readonly ClassDefinition[] {
  return usesIn(project).validators.get(fn) ?? [];
}

function usesIn(project: Project): Uses {
  return known.get(project) ?? readUses(project);
}

export function readUses(project: Project): UsesRead {
  const done = known.get(project);
  if (done?.kinds instanceof Map) return done as UsesRead;
  const kinds = new Map<ClassDefinition, FormKind>();
  const validators = new Map<Definition, ClassDefinition[]>();
  // Known before it is complete: whether a class is a form is asked while validators are looked for.
  known.set(project, { kinds, validators });
  for (const { classes } of project.modules)
    for (const cls of classes.values())
      for (const [name, kind] of Object.entries(USES)) {
        const used = cls.attributes.has(name) ? cls.attributes.get(name) : undefined;
        const found = used && project.resolve(cls.module, used);
        if (found?.kind === "class") kinds.set(found, kind);
      }
  for (const { classes, source } of project.modules)
    if (/\bvalidators\s*=/.test(source.text))
      for (const cls of classes.values())
        if (formKind(project, cls))
          for (const one of listedValidators(project, cls))
            validators.set(one, [...(validators.get(one) ?? []), cls]);
  return { kinds, validators };
}
