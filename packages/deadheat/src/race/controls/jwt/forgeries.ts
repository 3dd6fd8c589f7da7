import type { ControlAnswer } from "../../../findings/controls.ts";
import type { ExchangeEvidence, TokenNote } from "../../../findings/evidence.ts";
import { operationName } from "../../../plan/operation.ts";
import type { Act } from "../../../plan/plan.ts";
import type { Exchange } from "../../exchange.ts";
import { type Fixture, setUp } from "../../fixture.ts";
import { firstLook } from "../answers.ts";
import { exchangeEvidence, type Mismatch, prove } from "../mismatch.ts";
import { withValue } from "../presented.ts";
import { type Proof, unclear } from "../proof.ts";
import { callWith, type Scene } from "../scene.ts";
import { claimChanges, moreRights } from "./claims.ts";
import { type CompactJwt, type Json, parseJwt } from "./compact.ts";
import { type Signer, underOldSignature } from "./signers.ts";

export interface Forger {
  readonly scene: Scene;
  readonly genuine: CompactJwt;
  /** The server's clock, s since the epoch. */
  readonly now: number;
}

/** One forged token and what became of it. */
export interface ForgedToken {
  readonly does: string;
  readonly clause: string;
  readonly token: string;
  readonly exchange: Exchange;
  readonly answer: ControlAnswer;
  readonly note?: string;
  readonly proof?: Proof;
}

export interface ForgeriesAt {
  readonly tried: number;
  readonly accepted: readonly ForgedToken[];
  readonly last: ForgedToken;
  readonly mismatch?: Mismatch;
}

/**
 * Tries forged tokens at one operation. `all`: also claims that were changed under the old signature, and, once a
 * forgery is accepted, claims that have to be refused whoever signed them.
 */
export async function forgeriesAt(
  forger: Forger,
  act: Act,
  fixture: Fixture,
  ways: readonly Signer[],
  all: boolean,
): Promise<ForgeriesAt> {
  const { scene, genuine, now } = forger;
  const tried: ForgedToken[] = [];
  const attempt = async (signer: Signer, claims: Json, named = signer) => {
    tried.push(await forge(scene, act, fixture, named, signer.forge(genuine, claims)));
    return tried.at(-1) as ForgedToken;
  };
  let open: Signer | undefined;
  for (const signer of ways)
    if ((await attempt(signer, genuine.claims)).answer === "accepted") open ??= signer;
  if (all) {
    await attempt(underOldSignature, moreRights(genuine.claims));
    const swapped = await asSomebodyElse(forger, act);
    if (swapped) tried.push(swapped);
    if (open)
      for (const { does, clause, claims } of claimChanges(genuine.claims, now))
        await attempt(open, claims, { ...open, does: `${does} (${open.does})`, clause });
  }
  const accepted = tried.filter((one) => one.answer === "accepted");
  const last = tried.at(-1) as ForgedToken;
  if (accepted.length === 0) return { tried: tried.length, accepted, last };
  return { tried: tried.length, accepted, last, mismatch: mismatchOf(scene, act, accepted) };
}

async function forge(
  scene: Scene,
  act: Act,
  fixture: Fixture,
  { does, clause }: Signer,
  token: string,
): Promise<ForgedToken> {
  const presented = { name: "forged", does, headers: withValue(scene.carrier, token) } as const;
  const exchange = await scene.caller.send(callWith(scene, act, fixture, presented));
  const look = firstLook(exchange, true);
  const base = { does, clause, token, exchange };
  if (look !== "let-in") return { ...base, answer: look };
  const good = scene.owner.token;
  const proof = await prove({ scene, act, presented, good }, fixture, scene.owner);
  return { ...base, answer: proof.answer, note: proof.note, proof };
}

/** The second user's `sub` under the first one's signature: does it show the second user's data? */
async function asSomebodyElse({ scene, genuine }: Forger, act: Act): Promise<ForgedToken | undefined> {
  const { other, owner } = scene;
  const sub = other && parseJwt(other.token.value)?.claims.sub;
  if (!other || sub === undefined || sub === genuine.claims.sub) return undefined;
  const fixture = await setUp(scene.context, act, other);
  const token = underOldSignature.forge(genuine, { ...genuine.claims, sub });
  const named = { ...underOldSignature, does: "the sub of another user under the old signature" };
  return forge({ ...scene, owner: other, other: owner }, act, fixture, named, token);
}

function mismatchOf(scene: Scene, act: Act, accepted: readonly ForgedToken[]): Mismatch {
  return {
    weakness: "token-unverified",
    operation: act.operation,
    severity: "high",
    declared: `declares ${scene.scheme}, whose tokens are JSON Web Tokens`,
    evidence: accepted.map((one) => exhibit(scene, act, one)),
  };
}

function exhibit(
  scene: Scene,
  act: Act,
  { does, clause, token, proof, note }: ForgedToken,
): ExchangeEvidence {
  const summary = `${operationName(act.operation)} accepts a forged token (${does}, ${clause}): it ${note}.`;
  const controls = ["a text that is no token is refused", "the good token works, before and after"];
  return {
    ...exchangeEvidence(summary, proof ?? unclear(""), controls),
    token: noteOf(scene, token),
  };
}

/** Values that say how it is verified are no secrets; claims are the principal's, and only named. */
function noteOf({ caller }: Scene, token: string): TokenNote {
  const parsed = parseJwt(token);
  const { alg, typ, kid } = parsed?.header ?? {};
  const header = Object.fromEntries(
    Object.entries({ alg, typ, kid }).filter(([, value]) => value !== undefined),
  );
  return { fingerprint: caller.fingerprint(token), header, claims: Object.keys(parsed?.claims ?? {}) };
}
