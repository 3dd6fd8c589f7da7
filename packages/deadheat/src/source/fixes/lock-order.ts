import type { Statement } from "../parse/syntax.ts";
import { isOwn, type Proposal, type Refusal, refuse, type SourceFix } from "./fix.ts";
import { placesOf } from "./syntax/place.ts";
import { dotted, nodesIn } from "./syntax/walk.ts";

/** Locks are taken in the order in which the other function takes them. */
export const lockInOrder: SourceFix = {
  id: "lock-order",
  title: "the locks in the order of the others",
  rules: new Set(["lock-order"]),
  propose(context): Proposal | Refusal {
    const { candidate, write, node, layout } = context;
    const first = candidate.path.find((one) => one.role === "lock")?.site;
    if (!first || !isOwn(context, first) || !isOwn(context, write.site))
      return refuse("the locks are taken in called functions");
    const [a, b] = [
      placesOf(node, first, layout.text).at(-1),
      placesOf(node, write.site, layout.text).at(-1),
    ];
    if (!a || a.suite !== b?.suite) return refuse("the locks are not taken side by side");
    if (b.index !== a.index + 1) return refuse("something else happens between the two locks");
    const [one, other] = [a.suite[a.index] as Statement, b.suite[b.index] as Statement];
    if (!layout.isAlone(one) || !layout.isAlone(other))
      return refuse("other statements stand on the same lines");
    if (uses(other, one)) return refuse("the second lock needs what the first one reads");
    return {
      edits: [
        { start: one.start, end: one.end, text: layout.slice(other) },
        { start: other.start, end: other.end, text: layout.slice(one) },
      ],
    };
  },
};

function uses(later: Statement, earlier: Statement): boolean {
  const name = earlier.kind === "assign" ? dotted(earlier.target) : undefined;
  if (name === undefined) return earlier.kind !== "expression";
  return [...nodesIn(later)].some(
    (one) => one.kind === "name" && (one as unknown as { id: string }).id === name,
  );
}
