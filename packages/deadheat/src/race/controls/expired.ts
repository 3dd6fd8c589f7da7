import type { ControlCell } from "../../findings/controls.ts";
import type { Act } from "../../plan/plan.ts";
import { SetupFailed } from "../credentials/index.ts";
import { succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { cellOf, firstLook, untested } from "./answers.ts";
import { briefToken } from "./brief.ts";
import { type Mismatch, notEnforced, prove } from "./mismatch.ts";
import { readProof } from "./read-proof.ts";
import { callWith, type Scene } from "./scene.ts";

/** After its end a token is good for some time rightly: clocks differ (RFC 7519 §4.1.4). */
const AFTER_END_MS = 1200;

/** In the words of a cell. */
export const LONG_AFTER = "minutes after its end";

export interface ExpiredCells {
  readonly cells: ReadonlyMap<Act, { readonly expired: ControlCell }>;
  readonly mismatches: readonly Mismatch[];
}

type Ended = Exclude<Awaited<ReturnType<typeof briefToken>>, { readonly reason: string }>;

/**
 * Begins with a token that ends soon, and gives the function that waits for its end and calls each operation
 * under it. That a token is accepted shortly after its end is no proof: a leeway of some minutes is usual. Where it is,
 * and there is time to wait so long, it is tried again then.
 */
export async function examineExpired(
  scene: Scene,
  acts: readonly Act[],
  longAfterMs?: number,
): Promise<() => Promise<ExpiredCells>> {
  const { context } = scene;
  const brief = await briefToken(scene);
  if ("reason" in brief) {
    const cell = { expired: untested(brief.reason) };
    return async () => ({ cells: new Map(acts.map((act) => [act, cell])), mismatches: [] });
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
    await until(scene, brief.ends + AFTER_END_MS);
    const cells = new Map<Act, { readonly expired: ControlCell }>();
    for (const act of acts) {
      const fixture = fixtures.get(act);
      const expired = fixture
        ? await after(scene, act, fixture, brief)
        : untested("its objects could not be made");
      cells.set(act, { expired });
    }
    const late = [...cells].filter(([, { expired }]) => expired.answer === "accepted").map(([act]) => act);
    if (longAfterMs === undefined || late.length === 0) return { cells, mismatches: [] };
    await until(scene, brief.ends + longAfterMs);
    const mismatches: Mismatch[] = [];
    for (const act of late) {
      const again = await longAfter(scene, act, fixtures.get(act) as Fixture, brief);
      cells.set(act, { expired: again.cell });
      if (again.mismatch) mismatches.push(again.mismatch);
    }
    return { cells, mismatches };
  };
}

async function until({ context: { clock, signal } }: Scene, at: number): Promise<void> {
  const wait = at - clock.now();
  if (wait > 0) await clock.sleep(wait, signal);
}

/** No leeway is so long: what lets it in, and with the effect of a good one, does not look at its end. */
async function longAfter(
  scene: Scene,
  act: Act,
  fixture: Fixture,
  { token, ends, principal }: Ended,
): Promise<{ readonly cell: ControlCell; readonly mismatch?: Mismatch }> {
  const exchange = await scene.caller.send(callWith(scene, act, fixture, token));
  const seconds = Math.round((scene.context.clock.now() - ends) / 1000);
  const look = firstLook(exchange, true);
  if (look !== "let-in" || !succeeded(exchange))
    return { cell: cellOf(look === "let-in" ? "unclear" : look, exchange, `${seconds} s after its end`) };
  const does = `under a token that ended ${seconds} s before`;
  const presented = { name: "expired", does, headers: token.headers } as const;
  const good = (await principal.login?.()) ?? principal.token;
  const proof = await prove({ scene, act, presented, good }, fixture, principal);
  const cell = cellOf(proof.answer, exchange, LONG_AFTER, `${seconds} s, ${proof.note}`);
  if (proof.answer !== "accepted") return { cell };
  return { cell, mismatch: notEnforced({ scene, act, presented, good }, proof) };
}

async function after(
  scene: Scene,
  act: Act,
  fixture: Fixture,
  { token, ends, principal }: Ended,
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
