import type { Span, Statement } from "../parse/syntax.ts";
import {
  type FixContext,
  isOwn,
  isRefusal,
  type Proposal,
  type Refusal,
  refuse,
  type SourceFix,
} from "./fix.ts";
import { type Creation, creationOf, handlerOf, refusalOf } from "./syntax/creation.ts";
import { placesOf, statementAt } from "./syntax/place.ts";
import { mayBeAtomic, unitOf } from "./syntax/range.ts";
import { uniqueOver } from "./syntax/unique.ts";
import { dotted } from "./syntax/walk.ts";

/** The database refuses the second row, and who made it is answered as if the first had been found. */
export const handleConflict: SourceFix = {
  id: "handle-conflict",
  title: "the IntegrityError of the second row handled",
  rules: new Set(["exists-then-create"]),
  propose(context): Proposal | Refusal {
    const creation = creationOf(context);
    if (isRefusal(creation)) return creation;
    const answer = answerTo(context, creation);
    if (isRefusal(answer)) return answer;
    const { statement } = creation;
    const { layout, node } = context;
    if (!layout.isAlone(statement)) return refuse("other statements stand on the same lines");
    const place = placesOf(node, statement, layout.text).at(-1);
    if (!place) return refuse("the row is made in another function");
    const allowed = mayBeAtomic(context, { suite: place.suite, first: place.index, last: place.index });
    if (isRefusal(allowed)) return allowed;
    const unique = uniqueOver(context, creation.model, creation.columns, creation.constants);
    if (isRefusal(unique)) return unique;
    return { edits: [...tried(context, statement, answer), ...allowed.edits], ...unique };
  },
};

/** `try: with transaction.atomic(): … except IntegrityError: …`: without the block the error would end the transaction around it. */
function tried(context: FixContext, statement: Statement, answer: readonly string[]) {
  const { layout } = context;
  const unit = unitOf(context);
  const indent = layout.indentAt(statement.start);
  const conflict = context.use({
    from: "django.db",
    name: "IntegrityError",
    otherwise: "DatabaseIntegrityError",
  });
  const head = ["try:"];
  if (!context.isAsync) {
    const transaction = context.use({ from: "django.db", name: "transaction", otherwise: "db_transaction" });
    // `user.save(using=self._db)`: the transaction is that database's.
    const using = /\busing=([\w.]+)/.exec(layout.slice(statement))?.[0] ?? "";
    head.push(`${unit}with ${transaction}.atomic(${using}):`);
  }
  const start = layout.lineStart(statement.start);
  return [
    layout.insertBefore(
      statement.start,
      head.map((one) => indent + one),
    ),
    ...layout.indent({ start, end: statement.end }, unit.repeat(head.length)),
    layout.insertAfter(statement.end, [
      `${indent}except ${conflict}:`,
      ...answer.map((one) => indent + unit + one),
    ]),
  ];
}

/** What is said where the row was found: the same lines again, or the search once more. */
function answerTo(context: FixContext, creation: Creation): readonly string[] | Refusal {
  const { layout } = context;
  const refusal = refusalOf(context, creation);
  if (refusal) {
    const [first, last] = [refusal.whenTrue[0] as Statement, refusal.whenTrue.at(-1) as Statement];
    if (!layout.isAlone(first)) return [layout.text.slice(first.start, last.end)];
    const lines = layout.moved({ start: layout.lineStart(first.start), end: last.end }, "");
    if (!lines) return refuse("the answer to who comes second cannot be copied");
    return [...searchAgain(context, creation, refusal.test), ...lines];
  }
  return foundAgain(context, creation);
}

/** Where the answer is about the row that was found, that one is looked for. */
function searchAgain(context: FixContext, { search }: Creation, test: Span): string[] {
  if (!isOwn(context, search.site)) return [];
  const statement = statementAt(context.node, search.site, context.layout.text);
  if (statement?.kind !== "assign" || statement.start >= test.start) return [];
  return context.layout.moved(context.layout.linesOf(statement), "")?.map((one) => one.trimEnd()) ?? [];
}

/** `x = Model.objects.get(…)` in a `try`, whose handler makes `x`: made by another meanwhile, it is there. */
function foundAgain(context: FixContext, creation: Creation): readonly string[] | Refusal {
  const { layout, node } = context;
  const handler = handlerOf(context, creation);
  const search = isOwn(context, creation.search.site)
    ? statementAt(node, creation.search.site, layout.text)
    : undefined;
  const { statement } = creation;
  if (!handler || search?.kind !== "assign" || !handler.body.includes(search))
    return refuse("what is said to who comes second is not written here");
  const name = dotted(search.target);
  const made = statement.kind === "assign" ? dotted(statement.target) : undefined;
  if (name === undefined || (made !== undefined && made !== name))
    return refuse("the row that is found and the one that is made have different names");
  const lines = layout.moved(layout.linesOf(search), "");
  return lines ? lines.map((one) => one.trimEnd()) : refuse("the search cannot be copied");
}
