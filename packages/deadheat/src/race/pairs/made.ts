import type { MadeObject } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import { type Fixture, identifierIn, lastSegment } from "../fixture.ts";

/** One read for each object that the answers name. */
export function readsOfMade(
  made: MadeObject,
  fixture: Fixture,
  exchanges: readonly Exchange[],
): HttpRequest[] {
  const names = exchanges.flatMap((exchange) => {
    const name = succeeded(exchange)
      ? (identifierIn(made, exchange.body) ?? lastSegment(exchange))
      : undefined;
    return name === undefined ? [] : [name];
  });
  const { bindings, principal } = fixture;
  return [...new Set(names)].map((name) =>
    compose(made.read, { bindings: { ...bindings, [made.parameter]: name }, token: principal.token }),
  );
}
