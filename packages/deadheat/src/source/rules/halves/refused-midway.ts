import { isEntryFunction } from "../../effects/decorators.ts";
import { type Effect, isWrite } from "../../effects/effect.ts";
import type { Site } from "../../effects/values.ts";
import type { Expression, Span, Statement } from "../../parse/syntax.ts";
import type { FunctionDefinition } from "../../project/definitions.ts";
import { textOf } from "../../project/project.ts";
import { explain } from "../explain.ts";
import type { Candidate, RuleContext } from "../rule.ts";
import { mayStayHalf } from "./halves.ts";

/**
 * `for data in request.data: serializer.is_valid(raise_exception=True); serializer.save()`: the third of five is
 * refused, the answer is an error, and two are there. The same where a `try` around the loop answers for it:
 * `except ProtectedError`.
 */
export function refusedMidway(context: RuleContext): Candidate | undefined {
  if (!isAsked(context.analysis.fn) || !mayStayHalf(context)) return undefined;
  for (const write of context.effects) {
    if (!isWrite(write) || write.kind === "get-or-create" || write.deferred || write.loop === 0) continue;
    // What is done far down, callers that are in a transaction may not see.
    if (write.trail.length > 1) continue;
    const places = [...write.trail, write.site];
    for (const [depth, place] of places.entries()) {
      const loop = loopsAround(place.fn, place).find((one) => isRefused(context, one, place));
      if (!loop || isTogether(write, [place, ...places.slice(depth + 1)], loop.statement)) continue;
      return explain(write, {
        ...(depth < write.trail.length ? { site: place } : {}),
        message: "many are written one by one, and where one is refused, those before it stay",
        because: "each statement commits by itself",
        protection: { coverage: "none" },
        interleaving: [
          "A writes   the first of those that were asked for",
          "A refuses  the second, and answers with an error",
          "B reads    the first",
        ],
      });
    }
  }
  return undefined;
}

/** Who asked for all of them is told of the one that was refused: a request, a form, a serializer. */
function isAsked(fn: FunctionDefinition): boolean {
  if (isEntryFunction(fn)) return true;
  const parameters = fn.signature().parameters.map((one) => one.name);
  return (
    parameters.some((one) => /^(request|validated_data)$/.test(one)) ||
    (fn.owner !== undefined &&
      (/^(form_valid|perform_(create|update|destroy))$/.test(fn.name) ||
        (fn.name === "save" && /\bself\.(cleaned|validated)_data\b/.test(fn.text()))))
  );
}

interface Loop {
  readonly statement: Statement & { readonly kind: "for" };
  /** What the handlers of a `try` around it catch. */
  readonly caught: readonly string[];
}

/** Loops in which the place is, and which go on after it. */
function loopsAround(fn: FunctionDefinition, place: Span): readonly Loop[] {
  if (!/\bfor\b/.test(fn.text())) return [];
  let found: Loop[] = [];
  const enter = (block: readonly Statement[], caught: readonly string[]): void => {
    const at = block.findIndex((one) => holds(one, place));
    const statement = block[at];
    if (!statement) return;
    // `for one in many: if fits(one): one.save(); break`
    if (block.slice(at).some(endsLoop)) found = [];
    if (statement.kind === "for" && !/(^|\.)(range|count)$/.test(textOf(statement.source)))
      found.push({ statement, caught });
    for (const one of blocksOf(statement)) {
      const isTried = statement.kind === "try" && one === statement.body;
      enter(one, isTried ? [...caught, ...caughtBy(statement)] : caught);
    }
  };
  enter(fn.decode().body, []);
  return found;
}

function holds({ start, end }: Span, place: Span): boolean {
  return start <= place.start && place.end <= end;
}

function endsLoop(statement: Statement): boolean {
  const { kind } = statement;
  return kind === "return" || kind === "raise" || (kind === "leave" && statement.how === "break");
}

function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "if":
      return [statement.whenTrue, statement.otherwise];
    case "for":
    case "while":
      return [statement.body, statement.otherwise];
    case "with":
      return [statement.body];
    case "match":
      return statement.cases;
    case "try":
      return [
        statement.body,
        ...statement.handlers.map((one) => one.body),
        statement.otherwise,
        statement.cleanup,
      ];
    default:
      return [];
  }
}

function caughtBy({ handlers }: Statement & { readonly kind: "try" }): string[] {
  return handlers.flatMap((one) => one.catches.flatMap(namesIn));
}

function namesIn(expression: Expression): string[] {
  return expression.kind === "sequence" ? expression.items.flatMap(namesIn) : [textOf(expression)];
}

/** A round of the loop can end in a refusal that ends the loop. */
function isRefused({ guards }: RuleContext, { statement, caught }: Loop, { fn }: Site): boolean {
  if (caught.some((one) => REFUSAL.test(one))) return true;
  const { text } = fn.module.source;
  const at = [
    ...guards.flatMap(({ refuses, site }) => (refuses && site.fn === fn ? [site.start] : [])),
    ...[...text.slice(statement.start, statement.end).matchAll(RAISES)].map(
      (one) => statement.start + one.index,
    ),
  ];
  return at.some(
    (start) =>
      statement.body.some((one) => holds(one, { start, end: start })) && !isHandled(statement.body, start),
  );
}

const REFUSAL = /(^|\.)(\w*(Protected|Restricted|Validation|Integrity|Denied)\w*)$/;
const RAISES =
  /\.is_valid\(\s*raise_exception\s*=\s*True|\.full_clean\(|\braise (\w+\.)*\w*(Validation|Invalid|BadRequest|Denied|NotFound|Http404|Conflict)/g;

/** `try: check(one) except Refused: failed.append(one)`: the loop goes on with the next. */
function isHandled(block: readonly Statement[], start: number): boolean {
  const statement = block.find((one) => holds(one, { start, end: start }));
  if (!statement) return false;
  const isTried =
    statement.kind === "try" &&
    statement.handlers.length > 0 &&
    statement.body.some((one) => holds(one, { start, end: start }));
  return isTried || blocksOf(statement).some((one) => isHandled(one, start));
}

/** A transaction around all rounds of the loop. */
function isTogether({ txns }: Effect, [{ fn }, ...below]: readonly [Site, ...Site[]], loop: Span): boolean {
  return txns.some(
    ({ site }) => !(site.fn === fn && holds(loop, site)) && !below.some((one) => one.fn === site.fn),
  );
}
