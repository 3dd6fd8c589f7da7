import { type Connection, connectionsIn } from "./connections.ts";
import type { ClassDefinition, FunctionDefinition, Module } from "./definitions.ts";

/** What a project has under a name, wherever it stands. */
export interface Names {
  /** All methods of that name, whatever their class. */
  methodsNamed(name: string): readonly FunctionDefinition[];
  classesNamed(name: string): readonly ClassDefinition[];
  /** Names of functions and methods that are written as context managers. */
  contextManagers(): ReadonlySet<string>;
  /** Functions that receive a signal of that name: they say so in a decorator, or are connected to it. */
  receiversOf(signal: string): readonly FunctionDefinition[];
  connectionOf(fn: FunctionDefinition): Connection | undefined;
  /** Names of models that Django's admin changes, each request in a transaction. */
  inAdmin(): ReadonlySet<string>;
  /** Names of serializers that mutations of GraphQL save. */
  inMutations(): ReadonlySet<string>;
  /** All classes that have `cls` among those above them, itself not among them. */
  classesBelow(cls: ClassDefinition): readonly ClassDefinition[];
}

/** `admin.site.register(models.Page, PageAdmin)`, `@admin.register(Page)`, at the top level. */
const REGISTERED = /^@?(?:\w+\.)*(?:site|admin)\.register\(\s*(?:\w+\.)*([A-Z]\w*)/gm;

/** `class LineInline(admin.TabularInline): model = Line`: changed together with the row that they belong to. */
const INLINE =
  /^class \w+\([^)]*Inline\w*\s*,?\s*\):(?:(?!^\w)[\s\S]){0,600}?^ {4}model = (?:\w+\.)*([A-Z]\w*)/gm;

/** `serializer_class = EntrySerializer` of a mutation. */
const IN_MUTATION = /\bserializer_class\s*=\s*(?:\w+\.)*([A-Z]\w*)/g;

/** `@receiver(order_closed, sender=Order)`, `@receiver([paid, refunded])`: the signals alone. */
const RECEIVES = /^@(?:\w+\.)?receiver\(\s*(\[[^\]]*\]|[\w.]+)/gm;

/** Read from the modules themselves. */
export class NamesRead implements Names {
  readonly #modules: readonly Module[];
  readonly #above: (cls: ClassDefinition) => readonly ClassDefinition[];
  readonly #byMethod = new Map<string, FunctionDefinition[]>();
  readonly #byClass = new Map<string, ClassDefinition[]>();
  #contextManagers: ReadonlySet<string> | undefined;
  #inAdmin: ReadonlySet<string> | undefined;
  #inMutations: ReadonlySet<string> | undefined;
  #receivers: ReadonlyMap<string, readonly FunctionDefinition[]> | undefined;
  #connections: ReadonlyMap<FunctionDefinition, Connection> | undefined;
  #below: ReadonlyMap<ClassDefinition, readonly ClassDefinition[]> | undefined;

  /** `above`: the classes from which one inherits. */
  constructor(modules: readonly Module[], above: (cls: ClassDefinition) => readonly ClassDefinition[]) {
    this.#modules = modules;
    this.#above = above;
    for (const module of modules) {
      for (const fn of module.all) if (fn.owner) append(this.#byMethod, fn.name, fn);
      for (const cls of module.classes.values()) append(this.#byClass, cls.name, cls);
    }
    fit(this.#byMethod);
    fit(this.#byClass);
  }

  methodsNamed(name: string): readonly FunctionDefinition[] {
    return this.#byMethod.get(name) ?? [];
  }

  classesNamed(name: string): readonly ClassDefinition[] {
    return this.#byClass.get(name) ?? [];
  }

  contextManagers(): ReadonlySet<string> {
    this.#contextManagers ??= new Set(
      this.#modules
        .filter((one) => one.source.text.includes("contextmanager"))
        .flatMap((one) => one.all.filter((fn) => fn.head().includes("contextmanager")).map((fn) => fn.name)),
    );
    return this.#contextManagers;
  }

  receiversOf(signal: string): readonly FunctionDefinition[] {
    return this.receivers().get(signal) ?? [];
  }

  receivers(): ReadonlyMap<string, readonly FunctionDefinition[]> {
    if (this.#receivers) return this.#receivers;
    const found = new Map<string, FunctionDefinition[]>();
    for (const module of this.#modules) {
      if (!/@(\w+\.)?receiver\(/.test(module.source.text)) continue;
      for (const fn of module.all)
        for (const [, signals] of fn.head().matchAll(RECEIVES))
          for (const name of new Set(signals?.match(/\w+(?=\s*(,|$|\]))/g))) append(found, name, fn);
    }
    for (const [fn, { signal }] of this.connections()) append(found, signal, fn);
    this.#receivers = found;
    return found;
  }

  connectionOf(fn: FunctionDefinition): Connection | undefined {
    return this.connections().get(fn);
  }

  connections(): ReadonlyMap<FunctionDefinition, Connection> {
    this.#connections ??= connectionsIn(this.#modules);
    return this.#connections;
  }

  inAdmin(): ReadonlySet<string> {
    this.#inAdmin ??= new Set(
      this.#modules
        .map((one) => one.source.text)
        .filter((text) => text.includes("admin"))
        .flatMap((text) => [...text.matchAll(REGISTERED), ...text.matchAll(INLINE)])
        .map((one) => one[1]!),
    );
    return this.#inAdmin;
  }

  inMutations(): ReadonlySet<string> {
    this.#inMutations ??= new Set(
      this.#modules
        .map((one) => one.source.text)
        .filter((text) => text.includes("Mutation"))
        .flatMap((text) => [...text.matchAll(IN_MUTATION)].map((one) => one[1]!)),
    );
    return this.#inMutations;
  }

  classesBelow(cls: ClassDefinition): readonly ClassDefinition[] {
    return this.below().get(cls) ?? [];
  }

  below(): ReadonlyMap<ClassDefinition, readonly ClassDefinition[]> {
    if (this.#below) return this.#below;
    const below = new Map<ClassDefinition, ClassDefinition[]>();
    for (const module of this.#modules)
      for (const one of module.classes.values())
        for (const above of this.#above(one)) append(below, above, one);
    fit(below);
    this.#below = below;
    return below;
  }
}

export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** A list that was added to has room for sixteen more. */
export function fit<K, V>(map: Map<K, V[]>): void {
  for (const [key, list] of map) if (list.length > 1) map.set(key, list.slice());
}
