import type { Operation } from "../plan/operation.ts";
import type { CredentialPlan } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { getAt, scalars } from "./pointer.ts";
import type { Token } from "./token.ts";

interface Owner {
  readonly token?: Token;
  login?(): Promise<Token | undefined>;
}

/** Deletes of one object under its owner's token; under a new one where the first was ended by a race. */
export function removalsOf(remover: Operation, owner: Owner, bindings: Readonly<Record<string, string>>) {
  return async function* (): AsyncGenerator<HttpRequest> {
    if (owner.token) yield compose(remover, { bindings, token: owner.token });
    const token = await owner.login?.();
    if (token) yield compose(remover, { bindings, token });
  };
}

/** How a principal that the scan registered is removed: by itself, or by the id that its registration gave. */
export function removalsOfPrincipal(plan: CredentialPlan, owner: Owner, made: Exchange) {
  for (const remover of plan.removers) {
    const [parameter] = remover.pathParameters;
    if (parameter === undefined) return removalsOf(remover, owner, {});
    const id = identifierOf(parameter, made);
    if (id !== undefined) return removalsOf(remover, owner, { [parameter]: id });
  }
  return undefined;
}

function identifierOf(parameter: string, made: Exchange): string | undefined {
  const wanted = [parameter.toLowerCase(), "id", "uuid", "pk"];
  const direct = wanted.map((name) => getAt(made.body, `/${name}`)).find(isIdentifier);
  if (direct !== undefined) return String(direct);
  const nested = scalars(made.body).find(({ pointer, value }) => {
    const name = pointer.slice(pointer.lastIndexOf("/") + 1).toLowerCase();
    return wanted.includes(name) && isIdentifier(value);
  });
  return nested === undefined ? undefined : String(nested.value);
}

function isIdentifier(value: unknown): value is string | number {
  return typeof value === "string" || Number.isInteger(value);
}
