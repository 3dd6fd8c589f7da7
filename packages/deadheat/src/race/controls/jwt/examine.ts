import type { ControlCell } from "../../../findings/controls.ts";
import type { Operation } from "../../../plan/operation.ts";
import type { Act } from "../../../plan/plan.ts";
import { SetupFailed } from "../../credentials/index.ts";
import { type Exchange, succeeded } from "../../exchange.ts";
import { type Fixture, setUp } from "../../fixture.ts";
import { cellOf, firstLook } from "../answers.ts";
import type { Mismatch } from "../mismatch.ts";
import { badCredentials } from "../presented.ts";
import { readProof } from "../read-proof.ts";
import { callWith, type Scene } from "../scene.ts";
import { type CompactJwt, parseJwt } from "./compact.ts";
import { type ForgedToken, type Forger, forgeriesAt } from "./forgeries.ts";
import { publishedKeys } from "./keys.ts";
import { signers } from "./signers.ts";

/** What became of the forged tokens of one scheme. */
export interface ForgeryResult {
  readonly status: "proven" | "not-observed" | "inconclusive" | "not-applicable";
  /** The read that they were tried on. */
  readonly operation?: Operation;
  readonly tried: number;
  readonly reason?: string;
  readonly cells: ReadonlyMap<Act, { readonly forged: ControlCell }>;
  readonly mismatches: readonly Mismatch[];
}

const NOTHING = { tried: 0, cells: new Map(), mismatches: [] };
/** Where none is accepted at the read, other operations may have another verifier; these two are tried there. */
const PLAINEST = ['alg "none", no signature', "the signature left out"];

/** Forges tokens that nobody who verifies lets pass, and shows what each was let in to. */
export async function examineForgeries(
  scene: Scene,
  acts: readonly Act[],
  keyReads: readonly Operation[],
): Promise<ForgeryResult> {
  const token = (await scene.owner.login?.()) ?? scene.owner.token;
  const genuine = parseJwt(token.value);
  if (!genuine) return { ...NOTHING, status: "not-applicable", reason: "its token is no JSON Web Token" };
  const owned = { ...scene, owner: { ...scene.owner, token } };
  const place = await tellingRead(owned, acts);
  if ("reason" in place) return { ...NOTHING, status: "inconclusive", reason: place.reason };
  const keys = await publishedKeys(
    owned,
    keyReads,
    acts.map(({ operation }) => operation.path),
  );
  const ways = signers(keys.keys);
  const forger: Forger = { scene: owned, genuine, now: place.now };
  const full = await forgeriesAt(forger, place.act, place.fixture, ways, true);
  const cells = new Map<Act, { readonly forged: ControlCell }>([[place.act, { forged: cellFor(full) }]]);
  const found = full.mismatch ? [full.mismatch] : [];
  const first = ways.find(({ does }) => full.accepted.some((one) => one.does === does))?.does;
  const elsewhere = ways.filter(({ does }) =>
    first === undefined ? PLAINEST.includes(does) : does === first,
  );
  for (const act of acts.filter((one) => one !== place.act && !one.operation.open)) {
    const fixture = await fixtureOf(owned, act);
    if (!fixture) continue;
    const result = await forgeriesAt(forger, act, fixture, elsewhere, false);
    cells.set(act, { forged: cellFor(result) });
    if (result.mismatch) found.push(result.mismatch);
  }
  const { operation } = place.act;
  const reason =
    found.length > 0
      ? undefined
      : `${full.tried} forged tokens were refused; what the claims are worth shows only where one is accepted` +
        (keys.keys.length > 0 ? "" : `; ${keys.from}`);
  const status = found.length > 0 ? "proven" : "not-observed";
  return {
    status,
    operation,
    tried: full.tried,
    cells,
    mismatches: found,
    ...(reason === undefined ? {} : { reason }),
  };
}

async function fixtureOf(scene: Scene, act: Act): Promise<Fixture | undefined> {
  try {
    return await setUp(scene.context, act, scene.owner);
  } catch (error) {
    if (error instanceof SetupFailed) return undefined;
    throw error;
  }
}

/** A read that refuses what is no token, and shows whose the token is. */
async function tellingRead(
  scene: Scene,
  acts: readonly Act[],
): Promise<
  { readonly act: Act; readonly fixture: Fixture; readonly now: number } | { readonly reason: string }
> {
  const reads = acts.filter(({ operation }) => operation.method === "GET");
  for (const act of reads.sort((a, b) => a.links.length - b.links.length)) {
    const fixture = await fixtureOf(scene, act);
    const garbage = badCredentials(scene.carrier).find((one) => one.name === "garbage");
    if (!fixture || !garbage) continue;
    if (firstLook(await scene.caller.send(callWith(scene, act, fixture, garbage)), true) !== "refused")
      continue;
    const { token } = scene.owner;
    const good = await scene.caller.send(callWith(scene, act, fixture, token));
    const presented = { name: "forged", does: "the good token", headers: token.headers } as const;
    const itself = await readProof({ scene, act, presented, good: token }, fixture);
    if (succeeded(good) && itself.answer === "accepted")
      return { act, fixture, now: serverTime(good, parseJwt(token.value)) };
  }
  return { reason: "no read refuses what is no token and shows whose token it is" };
}

/** s since the epoch, by the server's clock: this machine's may be hours off. */
function serverTime({ headers }: Exchange, token: CompactJwt | undefined): number {
  const date = Date.parse(headers.date ?? "");
  if (Number.isFinite(date)) return Math.floor(date / 1000);
  return Number(token?.claims.iat ?? token?.claims.nbf ?? 0);
}

function cellFor(result: {
  readonly accepted: readonly ForgedToken[];
  readonly last: ForgedToken;
}): ControlCell {
  const [accepted] = result.accepted;
  const { exchange, does, answer, note } = accepted ?? result.last;
  return cellOf(answer, exchange, does, note);
}
