import type { Span } from "../../parse/syntax.ts";
import { type FixContext, isOwn } from "../fix.ts";
import type { NamedRow } from "./row.ts";
import { type Call, dotted, nodesIn } from "./walk.ts";

const LOOKS =
  /^(refresh_from_db|arefresh_from_db|full_clean|clean_fields|get|get_\w+|is_\w+|has_\w+|can_\w+|should_\w+|exists|count|all|filter|first|items|keys|values|as_\w+|to_\w+|serialize)$/;
const ONLY_LOOKS =
  /^(isinstance|type|hasattr|getattr|str|repr|len|bool|int|print|id|sorted|list|tuple|set|Response|JsonResponse|render|redirect|reverse)$|(^|\.)log(ger|ging)?(\.|$)/;

/**
 * Where something may be set on the row's object in a function, before `end`: assignments, methods of it, and calls
 * that it is handed to. Read again after one of them, the object would lose what was set.
 */
export function touchesOf(context: FixContext, named: NamedRow, start: number, end: number): Span[] {
  const { row, name } = named;
  const found: Span[] = [];
  const setters = new Set<string>();
  for (const { site } of [...row.assigned, ...(context.write.fields?.values() ?? [])])
    if (isOwn(context, site)) found.push(site);
    else setters.add(site.fn.name);
  for (const node of nodesIn(context.node)) {
    if (node.kind !== "call") continue;
    const call = node as Call;
    const last = call.callee.kind === "attribute" ? call.callee.name : (dotted(call.callee) ?? "");
    if (setters.has(last) || mayChange(context, name, call, last)) found.push(call);
  }
  return found.filter((one) => one.start >= start && one.end <= end);
}

function mayChange({ program, fn }: FixContext, name: string, call: Call, last: string): boolean {
  if (call.callee.kind === "attribute" && dotted(call.callee.object) === name) {
    if (LOOKS.test(last) || /^a?(save|delete)$/.test(last)) return false;
    // A method of its own class that sets something is known by what it sets.
    return !(name === "self" && fn.owner && program.project.method(fn.owner, last));
  }
  if (ONLY_LOOKS.test(dotted(call.callee) ?? "")) return false;
  return call.args.some((one) => one.name === undefined && dotted(one.value) === name);
}
