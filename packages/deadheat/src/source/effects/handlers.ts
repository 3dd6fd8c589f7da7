import type { Expression, Handler } from "../parse/syntax.ts";
import { textOf } from "../project/project.ts";
import type { Run } from "./run.ts";

/** What a handler takes. One that takes whatever comes, and raises again, takes nothing. */
export function caughtBy(run: Run, handler: Handler): string[] {
  const names =
    handler.catches.length === 0
      ? ["BaseException"]
      : handler.catches.filter((one) => !isOwnConflict(run, one)).map((one) => textOf(one));
  return passesOn(run, handler) ? names.filter((one) => !TAKES_ANYTHING.test(one)) : names;
}

/** `class IntegrityError(BadRequest)`: an answer of the project's own, and not what the database says. */
function isOwnConflict({ fn, program: { project } }: Run, name: Expression): boolean {
  if (!/(^|\.)(Integrity|Database)Error$/.test(textOf(name))) return false;
  const found = project.resolve(fn.module, name);
  if (found?.kind !== "class") return false;
  return !project.lineage(found).external.some((one) => /(^|\.)\w*(Integrity|Database|Db)?Error$/.test(one));
}

export function takesAnything(name: string): boolean {
  return /^(Base)?Exception$/.test(name);
}

const TAKES_ANYTHING = /(^|\.)(DatabaseError|Exception|BaseException|Error)$/;
/** An exception that is an answer to who asked, or another try. */
const IS_ANSWER =
  /(Validation|Conflict|Duplicate|Exists|Integrity|Parse|Bad|Http|API|Api|NotFound|Denied|GraphQL|Form|Retry|retry|Abort)/;

function passesOn(run: Run, { body }: Handler): boolean {
  const last = body.at(-1);
  if (last?.kind !== "raise") return false;
  const { text } = run.fn.module.source;
  if (last.value && IS_ANSWER.test(text.slice(last.value.start, last.value.end))) return false;
  return !/\b(return|continue|break|yield)\b/.test(text.slice(body[0]!.start, last.start));
}
