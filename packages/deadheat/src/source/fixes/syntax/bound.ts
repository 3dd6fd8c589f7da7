import type { FunctionNode } from "../../parse/syntax.ts";
import { nodesIn } from "./walk.ts";

/** Names that a function gives to something of its own: an import of the same name is hidden in it. */
export function boundIn(fn: FunctionNode): ReadonlySet<string> {
  const names = new Set(fn.parameters.map((one) => one.name));
  const target = (node: object | undefined) => {
    if (!node) return;
    for (const one of nodesIn(node))
      if (one.kind === "name") names.add((one as unknown as { id: string }).id);
  };
  for (const node of nodesIn({ ...fn, kind: "body" })) {
    const any = node as unknown as Record<string, unknown>;
    if (node.kind === "assign" || node.kind === "for") {
      const left = any.target as { kind: string } & object;
      if (left.kind === "name" || left.kind === "sequence") target(left);
    } else if (node.kind === "function" || node.kind === "class") names.add(any.name as string);
    else if (node.kind === "walrus") names.add(any.target as string);
    // Its own import of `transaction` is the same thing.
    else if (node.kind === "import" && !/^django\b/.test(String(any.from ?? "")))
      for (const one of any.names as { name: string; alias?: string }[]) names.add(one.alias ?? one.name);
    else if (node.kind === "with") for (const item of any.items as { target?: object }[]) target(item.target);
  }
  return names;
}
