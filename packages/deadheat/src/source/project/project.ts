import type { Argument, Expression } from "../parse/syntax.ts";
import type { ClassDefinition, Definition, FunctionDefinition, Module } from "./definitions.ts";
import { append, type Names, NamesRead } from "./names.ts";

const DEEPEST_IMPORT = 8;

/** All modules of a project and what their names stand for. Nothing is imported or run. */
export class Project {
  readonly modules: readonly Module[];
  readonly #byLastName = new Map<string, Module[]>();
  readonly #byPath = new Map<string, Module>();
  readonly #lineages = new Map<ClassDefinition, Lineage>();
  /** Classes whose lineage is being looked for, and how often that led to one of them. */
  readonly #open = new Set<ClassDefinition>();
  #circles = 0;
  readonly names: Names;

  readonly #folder: string | undefined;

  /** `folder`: the name of the checked folder, under which its own absolute imports may begin. */
  constructor(modules: readonly Module[], folder?: string, names?: Names) {
    this.#folder = folder;
    this.modules = modules;
    for (const module of modules) {
      append(this.#byLastName, module.name.slice(module.name.lastIndexOf(".") + 1), module);
      if (!this.#byPath.has(module.path)) this.#byPath.set(module.path, module);
    }
    this.names = names ?? new NamesRead(modules, (cls) => this.lineage(cls).classes.slice(1));
  }

  moduleAt(path: string): Module | undefined {
    return this.#byPath.get(path);
  }

  readonly #candidates = new Map<string, readonly Module[]>();

  /** The module that `dotted` means in an import written in `from`: of several, the nearest. */
  moduleNamed(dotted: string, from?: Module): Module | undefined {
    let candidates = this.#candidates.get(dotted);
    if (!candidates) {
      candidates = this.candidatesFor(dotted);
      this.#candidates.set(dotted, candidates);
    }
    if (candidates.length < 2) return candidates[0];
    const exact = candidates.find((one) => one.name === dotted);
    if (exact || !from)
      return exact ?? candidates.reduce((best, one) => (one.name.length < best.name.length ? one : best));
    const near = (one: Module) => commonPrefix(one.name, from.name);
    return candidates.reduce((best, one) => (near(one) > near(best) ? one : best));
  }

  private candidatesFor(dotted: string): readonly Module[] {
    const inner = `.${dotted}`;
    return (this.#byLastName.get(dotted.slice(dotted.lastIndexOf(".") + 1)) ?? []).filter(
      (one) => one.name === dotted || one.name.endsWith(inner) || this.isUnderFolder(one.name, dotted),
    );
  }

  /** `shop.orders.models` where `shop` itself is what is checked: its module is called `orders.models`. */
  private isUnderFolder(name: string, dotted: string): boolean {
    if (this.#folder === undefined || name === "" || !dotted.endsWith(`.${name}`)) return false;
    const above = dotted.slice(0, -name.length - 1);
    return above === this.#folder || above.endsWith(`.${this.#folder}`);
  }

  readonly #found = new Map<Module, Map<string, Definition | undefined>>();

  /** What `name` stands for in `module`: its own definition, what it imports, or the value that it is given. */
  lookup(module: Module, name: string, depth = 0): Definition | undefined {
    // Deeper in a chain of imports the answer depends on how deep.
    if (depth > 0) return this.find(module, name, depth);
    const names = this.#found.get(module) ?? new Map<string, Definition | undefined>();
    this.#found.set(module, names);
    if (names.has(name)) return names.get(name);
    const found = this.find(module, name, 0);
    // Of a value the expression may have been read for this once (`ExpressionMap`), and is not kept.
    if (found?.kind !== "value") names.set(name, found);
    return found;
  }

  private find(module: Module, name: string, depth: number): Definition | undefined {
    const own = module.classes.get(name) ?? module.functions.get(name);
    if (own) return own;
    const imported = module.imports.get(name);
    if (imported) return this.imported(module, imported, depth);
    const value = module.values.get(name);
    if (value) return this.valueOf(module, name, value, depth);
    if (depth < DEEPEST_IMPORT)
      for (const star of module.stars) {
        const source = this.moduleNamed(star, module);
        const found = source && source !== module ? this.lookup(source, name, depth + 1) : undefined;
        if (found && found.kind !== "external") return found;
      }
    if (!module.isPackage) return undefined;
    const inside = this.moduleNamed(`${module.name}.${name}`);
    return inside ? { kind: "module", module: inside } : undefined;
  }

  /** `Name = other`: an alias is what it stands for; anything else is a value. */
  private valueOf(module: Module, name: string, value: Expression, depth: number): Definition {
    if (depth < DEEPEST_IMPORT && (value.kind === "name" || value.kind === "attribute")) {
      const isItself = value.kind === "name" && value.id === name;
      const found = isItself ? undefined : this.resolve(module, value, depth + 1);
      if (found) return found;
    }
    return { kind: "value", module, expression: value };
  }

  imported(
    module: Module,
    target: { readonly module: string; readonly name?: string },
    depth = 0,
  ): Definition {
    const { name } = target;
    const whole = name === undefined ? target.module : `${target.module}.${name}`;
    const source = this.moduleNamed(target.module, module);
    if (name === undefined)
      return source ? { kind: "module", module: source } : { kind: "external", dotted: whole };
    if (source && source !== module && depth < DEEPEST_IMPORT) {
      const found = this.lookup(source, name, depth + 1);
      if (found) return found;
    }
    const submodule = this.moduleNamed(whole, module);
    if (submodule && submodule !== module) return { kind: "module", module: submodule };
    return { kind: "external", dotted: whole };
  }

  /** What a dotted expression stands for in a module, where that can be known from names alone. */
  resolve(module: Module, expression: Expression, depth = 0): Definition | undefined {
    if (expression.kind === "name") {
      const [first, ...rest] = expression.id.split(".");
      let found = this.lookup(module, first as string, depth);
      for (const name of rest) found = found && this.member(found, name, depth);
      return found;
    }
    if (expression.kind !== "attribute") return undefined;
    const object = this.resolve(module, expression.object, depth);
    return object && this.member(object, expression.name, depth);
  }

  member(of: Definition, name: string, depth = 0): Definition | undefined {
    switch (of.kind) {
      case "module":
        return this.lookup(of.module, name, depth);
      case "external": {
        const dotted = `${of.dotted}.${name}`;
        const module = this.moduleNamed(dotted);
        return module ? { kind: "module", module } : { kind: "external", dotted };
      }
      case "class": {
        const inner = of.inner.get(name) ?? this.method(of, name);
        if (inner) return inner;
        const found = this.attribute(of, name);
        return found && { kind: "value", module: found.owner.module, expression: found.value };
      }
      default:
        return undefined;
    }
  }

  /** The class, its bases, their bases, in the order in which attributes are looked for. */
  lineage(cls: ClassDefinition): Lineage {
    const known = this.#lineages.get(cls);
    if (known) return known;
    if (this.#open.has(cls)) {
      this.#circles++;
      return { classes: [cls], external: [] };
    }
    const circles = this.#circles;
    this.#open.add(cls);
    const lineage = this.lineageFrom(cls);
    this.#open.delete(cls);
    // Of classes in a circle more is known the farther away one began: that is kept of the first one only.
    if (this.#circles === circles || this.#open.size === 0) this.#lineages.set(cls, lineage);
    return lineage;
  }

  private lineageFrom(cls: ClassDefinition): Lineage {
    const lineage: Lineage = { classes: [cls], external: [] };
    for (const base of cls.bases) {
      if (base.name !== undefined) continue;
      const found = this.baseOf(cls, base);
      if (found?.kind === "class" && found !== cls) {
        const above = this.lineage(found);
        for (const one of above.classes) if (!lineage.classes.includes(one)) lineage.classes.push(one);
        lineage.external.push(...above.external);
      } else lineage.external.push(found?.kind === "external" ? found.dotted : textOf(base.value));
    }
    // What is added to one by one has room for sixteen more.
    return { classes: lineage.classes.slice(), external: lineage.external.slice() };
  }

  private baseOf(cls: ClassDefinition, base: Argument): Definition | undefined {
    const value = base.value.kind === "subscript" ? base.value.object : base.value;
    return this.resolve(cls.module, value);
  }

  method(cls: ClassDefinition, name: string): FunctionDefinition | undefined {
    for (const one of this.lineage(cls).classes) {
      const found = one.methods.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** `super().name` as written in a method of `cls`. */
  methodAbove(cls: ClassDefinition, name: string): FunctionDefinition | undefined {
    for (const one of this.lineage(cls).classes.slice(1)) {
      const found = one.methods.get(name);
      if (found) return found;
    }
    return undefined;
  }

  classesBelow(cls: ClassDefinition): readonly ClassDefinition[] {
    return this.names.classesBelow(cls);
  }

  attribute(
    cls: ClassDefinition,
    name: string,
  ): { readonly owner: ClassDefinition; readonly value: Expression } | undefined {
    for (const owner of this.lineage(cls).classes) {
      const value = owner.attributes.get(name);
      if (value) return { owner, value };
    }
    return undefined;
  }

  /** `lines: LineList = …`: the type that is written beside an attribute. */
  annotation(
    cls: ClassDefinition,
    name: string,
  ): { readonly owner: ClassDefinition; readonly value: Expression } | undefined {
    for (const owner of this.lineage(cls).classes) {
      const value = owner.annotations?.get(name);
      if (value) return { owner, value };
    }
    return undefined;
  }

  contextManagers(): ReadonlySet<string> {
    return this.names.contextManagers();
  }

  methodsNamed(name: string): readonly FunctionDefinition[] {
    return this.names.methodsNamed(name);
  }

  classesNamed(name: string): readonly ClassDefinition[] {
    return this.names.classesNamed(name);
  }
}

export interface Lineage {
  readonly classes: ClassDefinition[];
  /** Bases that are not in the project, as dotted names. */
  readonly external: string[];
}

/** `a.b.c` of a dotted expression; empty for others. */
export function textOf(expression: Expression): string {
  if (expression.kind === "name") return expression.id;
  if (expression.kind === "attribute") return `${textOf(expression.object)}.${expression.name}`;
  if (expression.kind === "call") return textOf(expression.callee);
  if (expression.kind === "subscript") return textOf(expression.object);
  return "";
}

function commonPrefix(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
