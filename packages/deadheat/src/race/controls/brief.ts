import type { Operation, Slot } from "../../plan/operation.ts";
import type { CredentialPlan } from "../../plan/plan.ts";
import { compose } from "../compose.ts";
import type { Principal } from "../credentials/index.ts";
import { loginSources, registrationValues } from "../credentials/registration.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { getAt, scalars } from "../pointer.ts";
import { removalsOfPrincipal } from "../removal.ts";
import type { Token } from "../token.ts";
import type { Scene } from "./scene.ts";

/** A principal with a token that lasts, and one that ends soon. */
export interface BriefToken {
  readonly principal: Principal;
  readonly token: Token;
  /** Monotonic ms, as the API said. */
  readonly ends: number;
}

const LIFETIME = /(^|\/|_)(ttl|expires?_?in|expiry|lifetime|max_?age|duration)(_?(seconds|secs|s))?$/i;
const LONGEST_MS = 20_000;
const MOST_LOGINS = 3;
/** Long enough to be seen at work, whatever the server rounds off. */
const SHORTEST_S = 2;
const LONGEST_MINIMUM_S = 10;

/** A token that ends within seconds: such as are issued, or one that a login lets the caller ask for. */
export async function briefToken(
  scene: Scene,
  plan: CredentialPlan,
): Promise<BriefToken | { readonly reason: string }> {
  const { credentials, context, owner } = scene;
  const life = (owner.token.expires ?? Number.POSITIVE_INFINITY) - context.clock.now();
  if (life <= LONGEST_MS && credentials.fresh) {
    const principal = await credentials.mint();
    const token = (await principal.login?.()) ?? principal.token;
    return { principal, token, ends: token.expires ?? context.clock.now() };
  }
  if (!credentials.fresh) return { reason: "no token that ends within seconds can be had" };
  for (const login of plan.logins.slice(0, MOST_LOGINS + 2)) {
    const slot = login.body?.slots.find(isLifetime);
    const brief = slot && (await asked(scene, plan, login, slot));
    if (brief) return brief;
  }
  return { reason: "no token that ends within seconds can be had" };
}

function isLifetime(slot: Slot): boolean {
  return (
    LIFETIME.test(slot.pointer) &&
    slot.type !== "string" &&
    !slot.fixed &&
    (slot.minimum ?? 1) <= LONGEST_MINIMUM_S
  );
}

async function asked(
  scene: Scene,
  plan: CredentialPlan,
  login: Operation,
  slot: Slot,
): Promise<BriefToken | undefined> {
  const { context, caller } = scene;
  const seconds = Math.max(SHORTEST_S, slot.minimum ?? 1);
  for (const registration of plan.registrations.filter((one) => one !== login).slice(0, MOST_LOGINS)) {
    const values = registrationValues(context, registration);
    const made = await caller.send(compose(registration, { values }));
    if (!succeeded(made)) continue;
    const signIn = async (more: Readonly<Record<string, unknown>>): Promise<Exchange | undefined> => {
      for (const sources of loginSources(login, registration, values)) {
        const taken = Object.entries(sources).map(([place, source]) => [place, values[source]]);
        const filled = { ...Object.fromEntries(taken), ...more };
        const answer = await caller.send(compose(login, { values: filled }));
        if (succeeded(answer)) return answer;
      }
      return undefined;
    };
    const first = await signIn({});
    const place = first && (await placeOfToken(scene, first));
    const lasting = place && tokenAt(scene, first, place);
    const answers = new Map([[registration.id, made.body]]);
    const removals = lasting && removalsOfPrincipal(plan, { token: lasting }, made);
    context.inventory.add({
      by: `${registration.method} ${registration.path}`,
      ...(removals ? { removals } : {}),
    });
    const issued = context.clock.now();
    const second = lasting && (await signIn({ [slot.pointer]: seconds }));
    const token = second && tokenAt(scene, second, place);
    if (lasting && token)
      return { principal: { token: lasting, answers }, token, ends: issued + seconds * 1000 };
  }
  return undefined;
}

/** JSON Pointer of the text in the answer that works as a token. */
async function placeOfToken({ credentials, caller }: Scene, answer: Exchange): Promise<string | undefined> {
  const { probe } = credentials;
  if (!probe || probe.pathParameters.length > 0) return undefined;
  for (const { pointer, value } of scalars(answer.body)) {
    if (typeof value !== "string" || !/^[!-~]{8,}$/.test(value)) continue;
    if (succeeded(await caller.send(compose(probe, { token: credentials.present(value) })))) return pointer;
  }
  return undefined;
}

function tokenAt({ credentials }: Scene, answer: Exchange, pointer: string): Token | undefined {
  const value = getAt(answer.body, pointer);
  return typeof value === "string" ? credentials.present(value) : undefined;
}
