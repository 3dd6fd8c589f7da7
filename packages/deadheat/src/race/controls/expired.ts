import type { ControlCell } from "../../findings/controls.ts";
import type { Act } from "../../plan/plan.ts";
import { SetupFailed } from "../credentials/index.ts";
import { succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { cellOf, firstLook, untested } from "./answers.ts";
import { briefToken } from "./brief.ts";
import { readProof } from "./read-proof.ts";
import { callWith, type Scene } from "./scene.ts";

/** After its end a token is good for some time rightly: clocks differ (RFC 7519 §4.1.4). */
const AFTER_END_MS = 1200;

export interface ExpiredCells {
  readonly cells: ReadonlyMap<Act, { readonly expired: ControlCell }>;
}

/**
 * Begins with a token that ends soon, and gives the function that waits for its end and calls each operation
 * under it. That a token is accepted shortly after its end is no proof: a leeway of some minutes is usual.
 */
export async function examineExpired(
  scene: Scene,
  acts: readonly Act[],
): Promise<() => Promise<ExpiredCells>> {
  const { context } = scene;
  const brief = await briefToken(scene);
  if ("reason" in brief) {
    const cell = { expired: untested(brief.reason) };
    return async () => ({ cells: new Map(acts.map((act) => [act, cell])) });
  }
  const fixtures = new Map<Act, Fixture>();
  for (const act of acts) {
    try {
      fixtures.set(act, await setUp(context, act, brief.principal));
    } catch (error) {
      if (!(error instanceof SetupFailed)) throw error;
    }
  }
  return async () => {
    const wait = brief.ends + AFTER_END_MS - context.clock.now();
    if (wait > 0) await context.clock.sleep(wait, context.signal);
    const cells = new Map<Act, { readonly expired: ControlCell }>();
    for (const act of acts) {
      const fixture = fixtures.get(act);
      const expired = fixture
        ? await after(scene, act, fixture, brief)
        : untested("its objects could not be made");
      cells.set(act, { expired });
    }
    return { cells };
  };
}

async function after(
  scene: Scene,
  act: Act,
  fixture: Fixture,
  { token, ends, principal }: Exclude<Awaited<ReturnType<typeof briefToken>>, { readonly reason: string }>,
): Promise<ControlCell> {
  const exchange = await scene.caller.send(callWith(scene, act, fixture, token));
  const does = `${((scene.context.clock.now() - ends) / 1000).toFixed(1)} s after its end`;
  const look = firstLook(exchange, true);
  if (look !== "let-in" || !succeeded(exchange))
    return cellOf(look === "let-in" ? "unclear" : look, exchange, does);
  if (act.operation.method !== "GET")
    return cellOf("accepted", exchange, does, "whether with effect was not looked at");
  const presented = { name: "expired", does, headers: token.headers } as const;
  const proof = await readProof({ scene, act, presented, good: principal.token }, fixture);
  return cellOf(proof.answer, exchange, does, proof.note);
}
