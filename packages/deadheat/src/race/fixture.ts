import type { Act, Link } from "../plan/plan.ts";
import { compose, uniqueValue } from "./compose.ts";
import type { RaceContext } from "./context.ts";
import { type Principal, SetupFailed } from "./credentials.ts";
import { succeeded } from "./exchange.ts";
import { getAt } from "./pointer.ts";

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
  const body = principal.answers.get(producer.id) ?? (await create(context, link, principal, bindings));
  for (const pointer of link.pointers) {
    const value = getAt(body, pointer);
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  throw new SetupFailed(`${producer.id} answered without ${link.pointers[0]}`);
}

async function create(
  context: RaceContext,
  { producer }: Link,
  principal: Principal,
  bindings: Readonly<Record<string, string>>,
): Promise<unknown> {
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
  return made.body;
}
