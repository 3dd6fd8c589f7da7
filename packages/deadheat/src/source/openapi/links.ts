import type { Program } from "../effects/program.ts";
import type { Expression } from "../parse/syntax.ts";
import { type Model, sameModel } from "../project/model.ts";
import { textOf } from "../project/project.ts";
import type { Route } from "../project/routes.ts";
import { serializerNamed, serializerOf } from "./answer.ts";
import { serializerModel } from "./serializer-meta.ts";
import { spentColumns } from "./spent.ts";
import { nodesIn, type Reached, reachedFrom } from "./walk.ts";

/** Routes and what they have to do with rows: which one the path names, which one is made. */
interface Known {
  readonly route: Route;
  readonly named?: NamedRow | undefined;
  readonly made?: Model | undefined;
}

interface NamedRow {
  readonly model: Model;
  /** By which the path names it: `pk`, `code`. */
  readonly field: string;
}

/** The row that a path names by its last parameter: how one is made where no operation does it (`x-deadheat.row`). */
export interface RowHint {
  /** `shop.models:Voucher` */
  readonly model: string;
  readonly field: string;
  /** Columns that the project takes from, of any model: there has to be something in them. */
  readonly filled: readonly string[];
}

const LOOKUPS = /\.(get|aget|filter)$/;
const KEYS = /^(pk|id|uuid|slug|code|\w+_(id|uuid|number))$/;

/**
 * What makes the row that a path names, where the paths alone do not tell: `POST /accounts/create/` for
 * `/accounts/deposit/{pk}/`. Only where exactly one route does.
 */
export class SourceLinks {
  readonly #known: readonly Known[];
  readonly #filled: readonly string[];

  constructor(program: Program, routes: readonly Route[]) {
    this.#filled = spentColumns(program.project);
    this.#known = routes.map((route) => {
      const reached = route.entry ? reachedFrom(program.project, route.entry, route.view) : [];
      return { route, named: namedBy(program, route, reached), made: madeBy(program, route, reached) };
    });
  }

  /** Of the last parameter of the path. */
  rowOf(route: Route): RowHint | undefined {
    const named = this.#known.find((one) => one.route === route)?.named;
    const definition = named?.model.definition;
    if (!named || !definition) return undefined;
    return {
      model: `${definition.module.name}:${definition.name}`,
      field: named.field,
      filled: this.#filled,
    };
  }

  /** `{ pk: "POST /accounts/create/" }` */
  of(route: Route): Readonly<Record<string, string>> | undefined {
    const parameter = /\{([^}]+)\}(?!.*\{)/.exec(route.path)?.[1];
    const own = this.#known.find((one) => one.route === route);
    if (parameter === undefined || !own?.named) return undefined;
    const container = route.path.slice(0, route.path.lastIndexOf(`{${parameter}}`)).replace(/\/+$/, "");
    const makers = this.#known.filter(
      ({ route: other, made }) =>
        /^(POST|ANY)$/.test(other.method) && !other.path.includes("{") && sameModel(made, own.named?.model),
    );
    if (makers.some(({ route: { path } }) => path.replace(/\/+$/, "") === container)) return undefined;
    const paths = [...new Set(makers.map((one) => one.route.path))];
    return paths.length === 1 ? { [parameter]: `POST ${paths[0]}` } : undefined;
  }
}

/** `get_object_or_404(Account, pk=pk)`, `Account.objects.get(id=pk)`, or the view's queryset. */
function namedBy(
  program: Program,
  { path, view, entry }: Route,
  reached: readonly Reached[],
): NamedRow | undefined {
  if (!path.includes("{")) return undefined;
  for (const { fn, node } of reached)
    for (const one of nodesIn(node)) {
      if (one.kind !== "call") continue;
      const name = textOf(one.callee);
      const field = one.args.find((arg) => arg.name !== undefined && KEYS.test(arg.name))?.name;
      const [first] = one.args;
      if (/get_object_or_404$/.test(name) && first && field !== undefined) {
        const found = modelIn(program, fn.module, first.value);
        if (found) return { model: found, field };
      }
      if (LOOKUPS.test(name) && field !== undefined && one.callee.kind === "attribute") {
        const found = modelIn(program, fn.module, one.callee.object);
        if (found) return { model: found, field };
      }
    }
  const isGeneric = !entry || reached.some(({ fn }) => /self\.get_object\(/.test(fn.text()));
  const model = view && isGeneric ? modelOf(program, view) : undefined;
  if (!view || !model) return undefined;
  const key = program.project.attribute(view, "lookup_field")?.value;
  return { model, field: key?.kind === "string" ? key.value : "pk" };
}

/** Of a generic view: its `queryset`, or what its `get_queryset` begins with. */
function modelOf(program: Program, view: NonNullable<Route["view"]>): Model | undefined {
  const queryset = program.project.attribute(view, "queryset");
  if (queryset) return modelIn(program, queryset.owner.module, queryset.value);
  const method = program.project.method(view, "get_queryset");
  for (const one of method ? nodesIn(method.decode()) : []) {
    if (one.kind !== "call") continue;
    const found = modelIn(program, method?.module as Route["module"], one);
    if (found) return found;
  }
  return undefined;
}

/** The model at the beginning of `Account.objects.filter(…)`. */
function modelIn(program: Program, module: Route["module"], value: Expression): Model | undefined {
  let one: Expression = value;
  for (;;) {
    if (one.kind === "call") one = one.callee;
    else if (
      one.kind === "attribute" &&
      /objects$|^(get|filter|all|select_related|select_for_update|order_by)$/.test(one.name)
    )
      one = one.object;
    else break;
  }
  if (one.kind !== "name" && one.kind !== "attribute") return undefined;
  const found = program.project.resolve(module, one);
  return found?.kind === "class" && program.models.isModel(found) ? program.models.of(found) : undefined;
}

/** By the serializer that is saved, or by the first row that the handler makes itself. */
function madeBy(program: Program, route: Route, reached: readonly Reached[]): Model | undefined {
  if (route.method !== "POST" && route.method !== "ANY") return undefined;
  if (!route.entry)
    return (
      route.view && serializerModel(program, serializerOf(program, route.view, route.action ?? "create"))
    );
  for (const { fn, node } of reached)
    for (const one of nodesIn(node)) {
      if (one.kind !== "call") continue;
      if (/serializer\.save$/.test(textOf(one.callee))) {
        const made = nodesIn(node).flatMap((inner) =>
          inner.kind === "call"
            ? (serializerNamed(program, fn, route.view, inner.callee, route.action) ?? [])
            : [],
        )[0];
        const model = serializerModel(program, made);
        if (model) return model;
      }
      if (/\.objects\.a?create$/.test(textOf(one.callee)))
        return modelIn(program, fn.module, (one.callee as { object: Expression }).object);
    }
  return undefined;
}
