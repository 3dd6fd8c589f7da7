import type { Act, Link } from "../plan/plan.ts";
import { compose, uniqueValue } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials.ts";
import { type Exchange, succeeded } from "./exchange.ts";
import { getAt, scalars } from "./pointer.ts";

/** What one trial starts from: a principal and fresh objects for the path to name. */
export interface Fixture {
  readonly principal: Principal;
  readonly bindings: Readonly<Record<string, string>>;
}

/** Makes a fresh fixture for `act`. Throws SetupFailed where the API does not cooperate. */
export async function setUp(context: RaceContext, act: Act, principal?: Principal): Promise<Fixture> {
  const credentials = context.credentials.get(act.scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${act.scheme}`);
  const owner = principal ?? (await credentials.mint());
  const bindings: Record<string, string> = {};
  for (const link of act.links) bindings[link.parameter] = await produce(context, link, owner, bindings);
  return { principal: owner, bindings };
}

async function produce(
  context: RaceContext,
  link: Link,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
): Promise<string> {
  const { producer } = link;
  const registered = principal.answers.get(producer.id);
  const made = registered === undefined ? await create(context, link, principal, bindings) : undefined;
  const body = made?.body ?? registered;
  for (const pointer of link.pointers) {
    const value = getAt(body, pointer);
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  const found = undescribedIdentifier(link, body) ?? (made && lastSegment(made));
  if (found !== undefined) return found;
  throw new SetupFailed(`${producer.id} answered without ${link.pointers[0] ?? link.parameter}`);
}

/** For answers that the document does not describe, or not rightly: the parameter's own name, then `id`. */
function undescribedIdentifier(link: Link, body: unknown): string | undefined {
  const wanted = link.parameter.toLowerCase();
  const rank = (pointer: string): number => {
    const name = pointer.slice(pointer.lastIndexOf("/") + 1).toLowerCase();
    if (name === wanted) return 0;
    if (name === "id" || name === "uuid" || name === "pk") return 1;
    if (wanted.endsWith(name) || name.endsWith("id")) return 2;
    return 3;
  };
  const [best] = scalars(body)
    .filter(({ value }) => typeof value === "string" || Number.isInteger(value))
    .map((one) => ({ ...one, rank: rank(one.pointer) }))
    .filter((one) => one.rank < 3 || (link.pointers.length === 0 && typeof one.value === "string"))
    .sort((a, b) => a.rank - b.rank);
  return best === undefined ? undefined : String(best.value);
}

/** `Location: /coupons/7` names what was made (RFC 9110 §10.2.2). */
function lastSegment({ headers }: Exchange): string | undefined {
  const path = headers.location?.split(/[?#]/)[0]?.replace(/\/+$/, "");
  const last = path?.slice(path.lastIndexOf("/") + 1);
  return last === "" ? undefined : last;
}

async function create(
  context: RaceContext,
  { producer }: Link,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
): Promise<Exchange> {
  const unique = context.unique();
  const values: Record<string, unknown> = {};
  for (const slot of producer.body?.slots ?? []) {
    if (slot.type !== "string" || slot.fixed || !slot.required) continue;
    const value = uniqueValue(slot, unique, () => context.uuid());
    if (value !== undefined) values[slot.pointer] = value;
  }
  const token = producer.open ? {} : { token: principal.token };
  const made = await context.session.send(compose(producer, { bindings, values, ...token }));
  if (!succeeded(made)) throw new SetupFailed(`${producer.id} answered ${made.status ?? made.failure}`);
  return made;
}
