import { lastName } from "../../plan/names.ts";
import { type Operation, operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { scalars } from "../pointer.ts";
import { fieldsOf, isVersion, sparse } from "./body.ts";
import type { OneAtATime, Pair } from "./pair.ts";
import { ownTexts, readsOf } from "./scene.ts";

/** What a read gave that a write has to send back. */
interface Precondition {
  readonly headers: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Two writes of one field, both on top of the same version: by `If-Match` (RFC 9110 §13.1.1), or by a version in the
 * body. None where the document says nothing of either. Without a condition the last writer rightly wins.
 */
export async function conditionalPair(context: RaceContext, act: Act): Promise<Pair | undefined> {
  const { operation } = act;
  const versions = (operation.body?.slots ?? []).filter(isVersion);
  const documented = operation.conditional || operation.statuses.some((one) => ["412", "428"].includes(one));
  if (!documented && versions.length === 0) return undefined;
  if (operation.method === "POST" && !operation.conditional) return undefined;
  const [field] = fieldsOf(act);
  const read = shownBy(act);
  if (!field || !read) return undefined;
  const probe = await preconditionOf(context, act, read, await setUp(context, act));
  if (!probe) return undefined;
  const by = Object.keys(probe.headers).length > 0 ? "If-Match" : lastName(versions[0]?.pointer ?? "");
  const does = `set ${field.pointer} with the ${by} that was read`;
  return {
    sides: [
      { operation, does },
      { operation, does },
    ],
    alike: false,
    binding: [true, true],
    byTwoUsers: false,
    hasObjects: act.links.length + act.references.length > 0,
    async scene(_casting, principal) {
      const fixture = await setUp(context, act, principal);
      const unique = context.unique();
      const sent = await preconditionOf(context, act, read, fixture);
      if (!sent) throw new SetupFailed(`${operationName(read)} shows no version`);
      return {
        principal: fixture.principal,
        request: (kind, token) => {
          const values = { ...sent.values, [field.pointer]: field.value(kind, unique) };
          const request = sparse(operation, fixture, values, token, context.uuid());
          return { ...request, headers: { ...request.headers, ...sent.headers } };
        },
        reads: readsOf(act.observers, fixture),
        own: new Map([[unique, "own"], ...ownTexts(fixture)]),
      };
    },
    unsuitable: (orders) => unconditional(orders, by),
    summary: ({ acknowledged }) =>
      `${acknowledged} writes with one ${by} were acknowledged, so one of them is lost; one at a time the second is refused.`,
  };
}

/** Of the object itself: a read at the operation's own path, else one of the same object. */
function shownBy({ operation, observers }: Act): Operation | undefined {
  return (
    observers.find((one) => one.path === operation.path) ??
    observers.find((one) => operation.path.startsWith(one.path))
  );
}

async function preconditionOf(
  context: RaceContext,
  { operation }: Act,
  read: Operation,
  { bindings, principal }: Fixture,
): Promise<Precondition | undefined> {
  const shown = await context.session.send(compose(read, { bindings, token: principal.token }));
  if (!succeeded(shown))
    throw new SetupFailed(`${operationName(read)} answered ${shown.status ?? shown.failure}`);
  const values = versionsIn(operation, shown);
  const { etag } = shown.headers;
  const headers: Record<string, string> = etag === undefined ? {} : { "if-match": etag };
  if (etag === undefined && Object.keys(values).length === 0) return undefined;
  return { headers, values };
}

function versionsIn(operation: Operation, { body }: Exchange): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const slot of (operation.body?.slots ?? []).filter(isVersion)) {
    const name = lastName(slot.pointer);
    const leaf = scalars(body).find(({ pointer }) => lastName(pointer) === name);
    if (leaf) values[slot.pointer] = leaf.value;
  }
  return values;
}

function unconditional({ acknowledged }: OneAtATime, by: string): string | undefined {
  if (!acknowledged[0].includes("") || !acknowledged[1].includes(""))
    return `is refused with the ${by} that was read`;
  if (acknowledged[0].includes("b") || acknowledged[1].includes("a"))
    return `a second write with the same ${by} is acknowledged, one at a time as well: the last writer wins`;
  return undefined;
}
