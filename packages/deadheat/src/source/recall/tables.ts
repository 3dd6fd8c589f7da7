import { keepAskedBefore, readAskedBefore } from "../effects/allowed-create.ts";
import type { Program } from "../effects/program.ts";
import { LIBRARY_UNIQUE } from "../facts/unique.ts";
import type { Connection } from "../project/connections.ts";
import type { ClassDefinition, FunctionDefinition } from "../project/definitions.ts";
import { type FormKind, keepUses, readUses } from "../project/form-kinds.ts";
import type { ModelTables } from "../project/models.ts";
import { type Names, NamesRead } from "../project/names.ts";
import type { Project } from "../project/project.ts";
import type { Route } from "../project/routes.ts";
import { readSettings, type Settings } from "../project/settings.ts";
import type { ClassRecord, Numbering } from "./numbering.ts";
import type { FunctionNumber } from "./record.ts";

/** What only a look at all files tells, none of which looks into the body of a function. */
export interface Tables {
  /** Top-level classes by name, as numbers of modules. */
  readonly classes: Readonly<Record<string, readonly number[]>>;
  readonly contextManagers: readonly string[];
  readonly inAdmin: readonly string[];
  readonly inMutations: readonly string[];
  readonly receivers: readonly (readonly [signal: string, fns: readonly FunctionNumber[]])[];
  readonly connections: readonly (readonly [fn: FunctionNumber, connection: Connection])[];
  readonly below: readonly (readonly [above: ClassRecord, below: readonly ClassRecord[]])[];
  readonly relations: readonly (readonly [
    target: string,
    name: string,
    model: ClassRecord,
    field: string,
    single: boolean,
  ])[];
  readonly parts: readonly ClassRecord[];
  readonly managers: readonly (readonly [name: string, model: ClassRecord])[];
  /** Tables of libraries that are imported. */
  readonly imported: readonly string[];
  readonly kinds: readonly (readonly [cls: ClassRecord, kind: FormKind])[];
  readonly validators: readonly (readonly [fn: FunctionNumber, listed: readonly ClassRecord[]])[];
  readonly asked: readonly (readonly [cls: ClassRecord, views: readonly ClassRecord[]])[];
  readonly settings: Omit<Settings, "values">;
}

/** `undefined` where a class among them has been replaced by another one of its name. */
export function tablesOf(program: Program, numbering: Numbering): Tables | undefined {
  const { project, models, settings } = program;
  const { names } = project;
  if (!(names instanceof NamesRead)) return undefined;
  const classes: Record<string, number[]> = Object.create(null);
  for (const [index, module] of project.modules.entries())
    for (const name of module.classes.keys()) {
      classes[name] ??= [];
      classes[name].push(index);
    }
  const record = (cls: ClassDefinition | undefined): ClassRecord => {
    const found = cls && numbering.classRecord(cls);
    if (!found) throw new Unnameable();
    return found;
  };
  const { values: _, ...plain } = settings;
  const uses = readUses(project);
  try {
    return {
      classes,
      contextManagers: [...names.contextManagers()],
      inAdmin: [...names.inAdmin()],
      inMutations: [...names.inMutations()],
      receivers: [...names.receivers()].map(([signal, fns]) => [
        signal,
        fns.map((one) => numbering.numberOf(one)),
      ]),
      connections: [...names.connections()].map(([fn, one]) => [numbering.numberOf(fn), one]),
      below: [...names.below()].map(([above, below]) => [record(above), below.map(record)]),
      relations: [...models.relations()].flatMap(([target, inner]) =>
        [...inner].map(
          ([name, { model, field, single }]) =>
            [target, name, record(model.definition), field, single] as const,
        ),
      ),
      parts: [...models.parts()].map(record),
      managers: [...models.managers()].map(([name, model]) => [name, record(model.definition)]),
      imported: Object.keys(LIBRARY_UNIQUE).filter((name) => models.isImported(name)),
      kinds: [...uses.kinds].map(([cls, kind]) => [record(cls), kind]),
      validators: [...uses.validators].flatMap(([fn, listed]) =>
        fn.kind === "function" ? [[numbering.numberOf(fn), listed.map(record)] as const] : [],
      ),
      asked: [...readAskedBefore(project)].map(([cls, views]) => [record(cls), views.map(record)]),
      settings: plain,
    };
  } catch (error) {
    if (error instanceof Unnameable) return undefined;
    throw error;
  }
}

class Unnameable extends Error {}

const keyOf = ([module, qualified]: ClassRecord) => `${module}:${qualified}`;

/** `qualifiedNames`: of all functions, by their numbers. */
export class NamesKept implements Names {
  readonly #tables: Tables;
  readonly #numbering: Numbering;
  readonly #qualifiedNames: () => readonly string[];
  #contextManagers: ReadonlySet<string> | undefined;
  #connections: ReadonlyMap<FunctionNumber, Connection> | undefined;
  #below: ReadonlyMap<string, readonly ClassRecord[]> | undefined;
  #byMethod: Map<string, FunctionNumber[]> | undefined;

  constructor(tables: Tables, numbering: Numbering, qualifiedNames: () => readonly string[]) {
    this.#tables = tables;
    this.#numbering = numbering;
    this.#qualifiedNames = qualifiedNames;
  }

  methodsNamed(name: string): readonly FunctionDefinition[] {
    if (!this.#byMethod) {
      this.#byMethod = new Map();
      for (const [number, qualified] of this.#qualifiedNames().entries()) {
        const dot = qualified.lastIndexOf(".");
        if (dot < 0) continue;
        const own = qualified.slice(dot + 1);
        const known = this.#byMethod.get(own);
        if (known) known.push(number);
        else this.#byMethod.set(own, [number]);
      }
    }
    return (this.#byMethod.get(name) ?? []).map((one) => this.#numbering.fn(one));
  }

  classesNamed(name: string): readonly ClassDefinition[] {
    const { classes } = this.#tables;
    if (!Object.hasOwn(classes, name)) return [];
    return (classes[name] ?? []).map((one) => this.#numbering.class([one, name]));
  }

  contextManagers(): ReadonlySet<string> {
    this.#contextManagers ??= new Set(this.#tables.contextManagers);
    return this.#contextManagers;
  }

  receiversOf(signal: string): readonly FunctionDefinition[] {
    const found = this.#tables.receivers.find(([name]) => name === signal);
    return (found?.[1] ?? []).map((one) => this.#numbering.fn(one));
  }

  connectionOf(fn: FunctionDefinition): Connection | undefined {
    this.#connections ??= new Map(this.#tables.connections);
    return this.#connections.size === 0 ? undefined : this.#connections.get(this.#numbering.numberOf(fn));
  }

  inAdmin(): ReadonlySet<string> {
    return new Set(this.#tables.inAdmin);
  }

  inMutations(): ReadonlySet<string> {
    return new Set(this.#tables.inMutations);
  }

  classesBelow(cls: ClassDefinition): readonly ClassDefinition[] {
    this.#below ??= new Map(this.#tables.below.map(([above, below]) => [keyOf(above), below]));
    const record = this.#numbering.classRecord(cls);
    return (record && this.#below.get(keyOf(record))?.map((one) => this.#numbering.class(one))) ?? [];
  }
}

export function modelsKept(tables: Tables, numbering: Numbering): ModelTables {
  const relations = new Map(tables.relations.map((one) => [`${one[0]} ${one[1]}`, one]));
  const parts = new Set(tables.parts.map(keyOf));
  const managers = new Map(tables.managers);
  return {
    reverse(models, target, name) {
      const found = relations.get(`${target} ${name}`);
      if (!found) return undefined;
      const [, , model, field, single] = found;
      return { model: models.of(numbering.class(model)), field, single };
    },
    isPart(cls) {
      const record = numbering.classRecord(cls);
      return record !== undefined && parts.has(keyOf(record));
    },
    isImported: (name) => tables.imported.includes(name),
    managed(models, name) {
      const found = managers.get(name);
      return found && models.of(numbering.class(found));
    },
  };
}

/** What only a look at all files tells of forms and views. */
export function keepViews(project: Project, tables: Tables, numbering: Numbering): void {
  const kinds = new Map(tables.kinds.map(([cls, kind]) => [keyOf(cls), kind]));
  const validators = new Map(tables.validators);
  const asked = new Map(tables.asked.map(([cls, views]) => [keyOf(cls), views]));
  const classes = (records: readonly ClassRecord[] | undefined) =>
    records?.map((one) => numbering.class(one));
  const inTable = <T>(table: ReadonlyMap<string, T>, cls: ClassDefinition) => {
    const record = numbering.classRecord(cls);
    return record && table.get(keyOf(record));
  };
  keepUses(project, {
    kinds: { get: (cls) => inTable(kinds, cls) },
    validators: { get: (fn) => classes(validators.get(numbering.numberOf(fn))) },
  });
  keepAskedBefore(project, { get: (cls) => classes(inTable(asked, cls)) });
}

export function settingsKept({ settings }: Tables, numbering: Numbering): Settings {
  let values: Settings["values"] | undefined;
  return {
    ...settings,
    get values() {
      values ??= readSettings(numbering.modules).values;
      return values;
    },
  };
}

export interface RouteRecord
  extends Pick<Route, "method" | "path" | "library" | "action" | "authenticators" | "permissions" | "start"> {
  readonly entry?: FunctionNumber;
  readonly view?: ClassRecord;
  readonly module: number;
}

/** `undefined` where a view among them cannot be named, or a running project has told of them. */
export function routesAsRecords(
  routes: readonly Route[],
  numbering: Numbering,
): readonly RouteRecord[] | undefined {
  const records: RouteRecord[] = [];
  for (const { entry, view, module, arguments: given, ...rest } of routes) {
    const cls = view && numbering.classRecord(view);
    if ((view && !cls) || given) return undefined;
    records.push({
      ...rest,
      ...(entry ? { entry: numbering.numberOf(entry) } : {}),
      ...(cls ? { view: cls } : {}),
      module: numbering.moduleNumber(module),
    });
  }
  return records;
}

/** Each with its view looked up where somebody asks for it. */
export function routesKept(records: readonly RouteRecord[], numbering: Numbering): readonly Route[] {
  return records.map((record) => new RouteKept(record, numbering));
}

class RouteKept implements Route {
  readonly method: string;
  readonly path: string;
  readonly authenticators: readonly string[];
  readonly permissions: readonly string[];
  readonly start: number;
  readonly #record: RouteRecord;
  readonly #numbering: Numbering;

  constructor(record: RouteRecord, numbering: Numbering) {
    this.method = record.method;
    this.path = record.path;
    this.authenticators = record.authenticators;
    this.permissions = record.permissions;
    this.start = record.start;
    this.#record = record;
    this.#numbering = numbering;
  }

  // Of an optional property a getter may not give `undefined`: nobody asks whether there is one by `in`.
  get entry(): FunctionDefinition {
    const { entry } = this.#record;
    return (entry === undefined ? undefined : this.#numbering.fn(entry)) as FunctionDefinition;
  }

  get view(): ClassDefinition {
    const { view } = this.#record;
    return (view && this.#numbering.class(view)) as ClassDefinition;
  }

  get library(): string {
    return this.#record.library as string;
  }

  get action(): string {
    return this.#record.action as string;
  }

  get module() {
    return this.#numbering.module(this.#record.module);
  }
}
