import { ADDS_NOTHING_UNIQUE, LIBRARY_UNIQUE } from "../facts/unique.ts";
import type { Argument } from "../parse/syntax.ts";
import type { ClassDefinition } from "./definitions.ts";
import type { Field, Model, Reverse, UniqueSet } from "./model.ts";
import { constraintsOf, fieldOf, isColumn, isConstant, managersIn, setsOf } from "./model-syntax.ts";
import { type Project, textOf } from "./project.ts";

/** What takes a look at all classes of a project, as an earlier run found it. */
export interface ModelTables {
  readonly reverse: (models: Models, target: string, name: string) => Reverse | undefined;
  readonly isPart: (cls: ClassDefinition) => boolean;
  /** The model whose manager or queryset has that name. */
  readonly managed: (models: Models, name: string) => Model | undefined;
  readonly isImported: (name: string) => boolean;
}

const NOT_MODELS =
  /(Form|Serializer|ViewSet|Admin|View|FilterSet|Factory|TestCase|Backend|Manager|QuerySet|Field|Widget|Exception|Error|Command|Config|Mutation|ObjectType|Resource|Schema|Inline)$/;
const MODEL_BASES =
  /(^|\.)(Model|AbstractUser|AbstractBaseUser|PermissionsMixin|Page|Orderable|ClusterableModel|SingletonModel)$|(^|\.)[A-Z]\w*Model$/;

const OF_DJANGO = /(^|\.)(models\.Model|Model|object|ABC|Generic)$/;

/** The models of a project: fields, unique sets and relations, as far as the source says. */
export class Models {
  readonly #project: Project;
  readonly #isModel = new Map<ClassDefinition, boolean>();
  readonly #models = new Map<ClassDefinition, Model>();
  readonly #external = new Map<string, Model>();
  readonly #fields = new Map<ClassDefinition, ReadonlyMap<string, Field>>();
  readonly #reverse = new Map<string, Map<string, Reverse>>();
  readonly #tables: ModelTables | undefined;
  readonly #userName: string;
  #userModel: Model | undefined;
  #managed: Map<string, Model> | undefined;

  constructor(project: Project, userModel?: string, tables?: ModelTables) {
    this.#project = project;
    this.#tables = tables;
    this.#userName = userModel?.split(".").at(-1) ?? "User";
    if (tables) return;
    for (const module of project.modules)
      for (const cls of module.classes.values()) if (this.isModel(cls)) this.indexRelations(cls);
  }

  isModel(cls: ClassDefinition): boolean {
    const known = this.#isModel.get(cls);
    if (known !== undefined) return known;
    this.#isModel.set(cls, false);
    const answer = this.decide(cls);
    this.#isModel.set(cls, answer);
    return answer;
  }

  private decide(cls: ClassDefinition): boolean {
    const { classes, external } = this.#project.lineage(cls);
    if (external.some((one) => MODEL_BASES.test(one) && !NOT_MODELS.test(one))) return true;
    // A base that is out of sight: what declares database columns is a model (or an abstract part of one).
    if (external.some((one) => NOT_MODELS.test(one)) || classes.some((one) => NOT_MODELS.test(one.name)))
      return false;
    return classes.some((one) => [...one.attributes.values()].some((value) => isColumn(value)));
  }

  #parts: ReadonlySet<ClassDefinition> | undefined;

  /** A class that models inherit from beside `Model`: its `self` is a row. */
  isPart(cls: ClassDefinition): boolean {
    return this.#tables ? this.#tables.isPart(cls) : this.parts().has(cls);
  }

  parts(): ReadonlySet<ClassDefinition> {
    this.#parts ??= new Set(
      this.#project.modules
        .flatMap((one) => [...one.classes.values()])
        .filter((one) => this.isModel(one))
        .flatMap((one) => this.#project.lineage(one).classes),
    );
    return this.#parts;
  }

  of(cls: ClassDefinition): Model {
    const known = this.#models.get(cls);
    if (known) return known;
    const model: Model = { name: cls.name, definition: cls };
    this.#models.set(cls, model);
    return model;
  }

  /** A model known by its name only; one of the project where exactly one has it. */
  named(name: string): Model {
    const own = this.#project.classesNamed(name).filter((one) => this.isModel(one));
    if (own.length === 1) return this.of(own[0] as ClassDefinition);
    const known = this.#external.get(name);
    if (known) return known;
    const model: Model = { name };
    this.#external.set(name, model);
    return model;
  }

  /** What `get_model("shop", "order")` gives: Django asks for models whatever the case of their names. */
  registered(label: string): Model {
    const name = label.split(".").at(-1) as string;
    const written = this.named(name);
    if (written.definition || !/^[a-z]/.test(name)) return written;
    const capital = this.named(`${name[0]!.toUpperCase()}${name.slice(1)}`);
    return capital.definition ? capital : written;
  }

  user(): Model {
    this.#userModel ??= this.named(this.#userName);
    return this.#userModel;
  }

  /** The model whose manager or queryset `cls` is, where exactly one says so. */
  managedBy(cls: ClassDefinition): Model | undefined {
    for (const one of [cls.name, ...this.#project.lineage(cls).classes.map((above) => above.name)]) {
      const found = this.#tables ? this.#tables.managed(this, one) : this.managers().get(one);
      if (found) return found;
    }
    return undefined;
  }

  managers(): ReadonlyMap<string, Model> {
    this.#managed ??= this.indexManagers();
    return this.#managed;
  }

  private indexManagers(): Map<string, Model> {
    const found = new Map<string, Model>();
    for (const module of this.#project.modules)
      for (const cls of module.classes.values()) {
        if (!this.isModel(cls)) continue;
        for (const value of cls.attributes.values())
          for (const name of managersIn(value)) if (!found.has(name)) found.set(name, this.of(cls));
      }
    return found;
  }

  /** The class of `model.objects`, as far as the project defines it. */
  managerOf(model: Model, name: string): ClassDefinition[] {
    const cls = model.definition;
    const value = cls && this.#project.attribute(cls, name);
    if (!value) return [];
    return managersIn(value.value).flatMap((one) => {
      const found = this.#project.lookup(value.owner.module, one);
      return found?.kind === "class" ? [found] : [];
    });
  }

  /** Fields by name, inherited ones included; empty where the model is out of sight. */
  fields(model: Model): ReadonlyMap<string, Field> {
    const cls = model.definition;
    if (!cls) return new Map();
    const known = this.#fields.get(cls);
    if (known) return known;
    const found = new Map<string, Field>();
    this.#fields.set(cls, found);
    for (const one of [...this.#project.lineage(cls).classes].reverse()) {
      // `ForeignKey("self")` of what has no rows leads to the table of each class below.
      const self = this.isModel(one) && !this.isAbstract(this.of(one)) ? one : cls;
      for (const [name, value] of one.attributes) {
        const field = fieldOf(name, value, (args) => this.targetOf(one, self, args));
        if (field) found.set(name, field);
      }
    }
    return found;
  }

  /** False where a base is out of sight and may add fields of its own. */
  complete(model: Model): boolean {
    const cls = model.definition;
    if (!cls) return false;
    return this.#project.lineage(cls).external.every((one) => OF_DJANGO.test(one));
  }

  /** Whether all that the database keeps unique of it is in sight. */
  isUniqueKnown({ definition: cls }: Model): boolean {
    if (!cls) return false;
    const { external } = this.#project.lineage(cls);
    return external.every((one) => OF_DJANGO.test(one) || ADDS_NOTHING_UNIQUE.test(one));
  }

  private targetOf(
    owner: ClassDefinition,
    self: ClassDefinition,
    args: readonly Argument[],
  ): Model | undefined {
    const to = args.find((one) => one.name === "to")?.value ?? args.find((one) => !one.name)?.value;
    if (!to) return undefined;
    if (to.kind === "string") {
      if (to.value === "self") return this.of(self);
      return this.named(to.value.split(".").at(-1) as string);
    }
    if (/AUTH_USER_MODEL$|get_user_model$/.test(textOf(to))) return this.user();
    const found = this.#project.resolve(owner.module, to);
    if (found?.kind === "class") return this.of(found);
    // `OWNER = settings.AUTH_USER_MODEL` is what it stands for.
    if (found?.kind === "external" && /(^|\.)(AUTH_USER_MODEL|get_user_model)$/.test(found.dotted))
      return this.user();
    const name = textOf(to).split(".").at(-1);
    return name ? this.named(name) : undefined;
  }

  /** Sets of fields that the database keeps unique; the primary key is one of them. */
  uniqueSets(model: Model): readonly UniqueSet[] {
    const cls = model.definition;
    if (!cls) return this.inLibrary(model.name) ?? [];
    const sets: UniqueSet[] = [...this.fields(model).values()]
      .filter((field) => field.unique)
      .map((field) => ({ fields: [field.name], conditional: false }));
    if (![...this.fields(model).values()].some((field) => field.primaryKey))
      sets.push({ fields: ["id"], conditional: false });
    for (const meta of this.metasOfTable(cls)) {
      const together = meta.attributes.get("unique_together");
      if (together) sets.push(...setsOf(together).map((fields) => ({ fields, conditional: false })));
      const constraints = meta.attributes.get("constraints");
      if (constraints) sets.push(...constraintsOf(constraints));
    }
    return sets;
  }

  /** A table of a library, of which it is known what is unique. */
  isKnownFromLibrary(model: Model): boolean {
    return !model.definition && this.inLibrary(model.name) !== undefined;
  }

  /** Of a table that the project imports and nowhere defines. */
  private inLibrary(name: string): readonly UniqueSet[] | undefined {
    const known = Object.hasOwn(LIBRARY_UNIQUE, name) ? LIBRARY_UNIQUE[name] : undefined;
    if (!known || this.#project.classesNamed(name).some((one) => this.isModel(one))) return undefined;
    if (!(this.#tables ? this.#tables.isImported(name) : this.isImported(name))) return undefined;
    return [
      { fields: ["id"], conditional: false },
      ...known.sets.map((fields) => ({ fields, conditional: false })),
    ];
  }

  /** Whether the project imports a table of a library of which it is known what is unique. */
  isImported(name: string): boolean {
    const from = LIBRARY_UNIQUE[name]?.from;
    return this.#project.modules.some((module) => {
      const target = module.imports.get(name);
      return target?.name === name && from?.test(target.module) === true;
    });
  }

  /** The class's own `Meta`, or the nearest inherited one, and what that one inherits. */
  private metas(cls: ClassDefinition): ClassDefinition[] {
    for (const one of this.#project.lineage(cls).classes) {
      const meta = one.inner.get("Meta");
      if (meta) return this.#project.lineage(meta).classes;
    }
    return [];
  }

  /** And those of the models that its rows are rows of as well: a proxy's table is that of another one. */
  private metasOfTable(cls: ClassDefinition): Set<ClassDefinition> {
    const above = this.#project
      .lineage(cls)
      .classes.filter((one) => one !== cls && this.isModel(one) && !this.isAbstract(this.of(one)));
    return new Set([cls, ...above].flatMap((one) => this.metas(one)));
  }

  isAbstract(model: Model): boolean {
    const meta = model.definition?.inner.get("Meta");
    return isConstant(meta?.attributes.get("abstract"), true);
  }

  /** `order.lines`, `order.line_set`, `user.profile`: the other side of a relation to `model`. */
  reverse(model: Model, name: string): Reverse | undefined {
    const own = this.reverseOf(model.name, name);
    if (own || !model.definition) return own;
    for (const one of this.#project.lineage(model.definition).classes) {
      const found = this.reverseOf(one.name, name);
      if (found) return found;
    }
    return undefined;
  }

  private reverseOf(target: string, name: string): Reverse | undefined {
    return this.#tables ? this.#tables.reverse(this, target, name) : this.#reverse.get(target)?.get(name);
  }

  /** By the name of the model that a relation leads to, and the name of its other side. */
  relations(): ReadonlyMap<string, ReadonlyMap<string, Reverse>> {
    return this.#reverse;
  }

  /** Of a proxy, or a model with a parent: the tables in which columns that it inherits are. */
  private tablesAbove(cls: ClassDefinition): readonly Model[] {
    return this.#project
      .lineage(cls)
      .classes.flatMap((one) => (one !== cls && this.isModel(one) ? [this.of(one)] : []))
      .filter((one) => !this.isAbstract(one));
  }

  private indexRelations(cls: ClassDefinition): void {
    const model = this.of(cls);
    const above = this.tablesAbove(cls);
    for (const field of this.fields(model).values()) {
      if (!field.target || field.type === "ManyToManyField") continue;
      // What that is related to, are rows of the table above.
      if (above.some((one) => this.fields(one).has(field.name))) continue;
      const single = field.type === "OneToOneField";
      const name = field.relatedName ?? (single ? cls.name.toLowerCase() : `${cls.name.toLowerCase()}_set`);
      const names = this.#reverse.get(field.target.name) ?? new Map<string, Reverse>();
      // (What is abstract has no rows; its classes may stand in another module, that was read before.)
      if (!names.has(name) || !this.isAbstract(model)) names.set(name, { model, field: field.name, single });
      this.#reverse.set(field.target.name, names);
    }
  }
}
