import { type Operation, operationName } from "../../plan/operation.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import type { Principal } from "../credentials/index.ts";
import type { Fixture } from "../fixture.ts";
import type { Casting, Read } from "./pair.ts";

/** Reads of what a fixture made, under its principal's own token: no request of the race uses it up. */
export function readsOf(operations: readonly Operation[], { bindings, principal }: Fixture, of = ""): Read[] {
  return operations.map((operation) => ({
    name: `${operationName(operation)}${of}`,
    request: compose(operation, { bindings, token: principal.token }),
  }));
}

/** Texts that differ from run to run, by what stands for them. */
export function ownTexts({ bindings, texts, principal }: Fixture): Map<string, string> {
  const own = new Map<string, string>();
  const note = (values: Readonly<Record<string, string | number>>) => {
    for (const [name, value] of Object.entries(values)) own.set(String(value), name);
  };
  note(bindings);
  note(texts);
  note(principal.registered ?? {});
  // The longest first: one may stand inside another.
  return new Map([...own].sort(([a], [b]) => b.length - a.length));
}

/** Somebody else, where two users call. */
export async function otherUser(
  context: RaceContext,
  scheme: string,
  { users }: Casting,
): Promise<{ readonly other?: Principal }> {
  const other = users === 2 ? await context.credentials.get(scheme)?.mint(1) : undefined;
  return other ? { other } : {};
}
