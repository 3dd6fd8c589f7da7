import { lastName } from "../plan/names.ts";
import { type Operation, operationName } from "../plan/operation.ts";
import type { CredentialPlan } from "../plan/plan.ts";
import { compose } from "./compose.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import type { Maker } from "./inventory.ts";
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

/**
 * What a call under a token made: it was answered 201 with an identifier, or with a Location (RFC 9110 §15.3.2), and
 * there is a DELETE for just that. A 200 may name what was there before.
 */
export function makersIn(operations: readonly Operation[]): Maker[] {
  return operations
    .filter((one) => one.method === "POST" && one.bearer.length > 0 && !one.open)
    .flatMap((operation) => {
      const remover = operations.find(
        (one) =>
          one.method === "DELETE" &&
          shapeOf(one.path) === `${shapeOf(operation.path)}/{}` &&
          one.unfillable === undefined &&
          !one.body?.required,
      );
      return remover ? [makerOf(operation, remover)] : [];
    });
}

function makerOf(operation: Operation, remover: Operation): Maker {
  const parts = operation.path.split(/\{[^}]*\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join("([^/?]+)")}(?:\\?|$)`);
  const [...names] = remover.pathParameters;
  const last = names.at(-1) ?? "";
  return (exchange) => {
    const { request, status, headers } = exchange;
    const match = status === 201 && request.method === "POST" ? pattern.exec(request.path) : undefined;
    const id =
      match && (identifierOf(last, exchange) ?? headers.location?.match(/([^/?#]+)\/?(?:[?#]|$)/)?.[1]);
    if (!match || id === undefined) return undefined;
    const outer = names.slice(0, -1).map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]);
    const { "content-type": _, ...under } = request.headers;
    const token = { value: "", headers: under };
    const bindings = Object.fromEntries([...outer, [last, id]]);
    return { by: operationName(operation), removals: () => [compose(remover, { bindings, token })] };
  };
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}").replace(/\/$/, "");
}

function identifierOf(parameter: string, made: Exchange): string | undefined {
  const wanted = [parameter.toLowerCase(), "id", "uuid", "pk"];
  const direct = wanted.map((name) => getAt(made.body, `/${name}`)).find(isIdentifier);
  if (direct !== undefined) return String(direct);
  const nested = scalars(made.body).find(({ pointer, value }) => {
    const name = lastName(pointer).toLowerCase();
    return wanted.includes(name) && isIdentifier(value);
  });
  return nested === undefined ? undefined : String(nested.value);
}

function isIdentifier(value: unknown): value is string | number {
  return typeof value === "string" || Number.isInteger(value);
}
