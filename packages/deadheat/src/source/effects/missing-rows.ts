import type { Expression, Handler, Statement } from "../parse/syntax.ts";
import { queryOf } from "./attributes.ts";
import type { Effect } from "./effect.ts";
import { evaluate } from "./expressions.ts";
import { modelOf } from "./rows.ts";
import type { Run } from "./run.ts";
import { NONE } from "./values.ts";

type Try = Statement & { readonly kind: "try" };

/** `except model.DoesNotExist`: only the class of a table has that, whatever `model` was computed from. */
export function noteClasses(run: Run, handlers: readonly Handler[]): void {
  for (const cls of classesCaught(handlers)) {
    if (cls.kind !== "name") continue;
    const value = run.env.get(cls.id);
    if (value?.kind !== "row" || value.model || value.cls) continue;
    const model = run.program.models.named(value.key);
    run.env.set(cls.id, { kind: "class", model, dotted: cls.id, deps: NONE });
  }
}

/** `try: return lookup(name) except Tag.DoesNotExist: …`, where nobody sees how: whatever was called looked for a tag. */
export function readOutOfSight(run: Run, { body, handlers }: Try): Effect[] {
  const [first] = body;
  if (!first || !/\w\(/.test(run.fn.module.source.text.slice(first.start, body.at(-1)!.end))) return [];
  const cls = classesCaught(handlers)[0];
  const value = cls && evaluate(run, cls);
  if (value?.kind !== "class") return [];
  const model = value.model ?? run.program.models.named(value.dotted.split(".").at(-1) as string);
  const query = queryOf(run, model, { opaque: true });
  return [run.emit("fetch", first, { query, ...modelOf(query), name: "out-of-sight" })];
}

function classesCaught(handlers: readonly Handler[]): Expression[] {
  return handlers.flatMap((one) =>
    one.catches.flatMap((caught) =>
      caught.kind === "attribute" && caught.name === "DoesNotExist" ? [caught.object] : [],
    ),
  );
}
