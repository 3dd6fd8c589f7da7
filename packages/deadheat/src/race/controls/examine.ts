import type { ControlCell, ControlName, ControlRow } from "../../findings/controls.ts";
import type { Act } from "../../plan/plan.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Exchange, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { refOf } from "../run.ts";
import { cellOf, challengeOf, firstLook, untested } from "./answers.ts";
import { type Mismatch, notEnforced, prove } from "./mismatch.ts";
import { badCredentials, oddCredentials, type Presented } from "./presented.ts";
import { ALIKE } from "./read-proof.ts";
import { callWith, type Scene } from "./scene.ts";
import { leavesIn } from "./shown.ts";

/** An operation whose scheme was put to the test. */
export interface Examined {
  readonly act: Act;
  readonly row: ControlRow;
  readonly mismatches: readonly Mismatch[];
  /** It works with a good token: other credentials can be judged by it. */
  readonly works: boolean;
}

/**
 * Calls one operation without a token, with a bad one and with a good one in odd ways. The good call comes after
 * the bad ones: what may be done once is not used up when they come.
 */
export async function examine(scene: Scene, act: Act): Promise<Examined> {
  try {
    return await examineWith(scene, act, await setUp(scene.context, act, scene.owner));
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    return {
      act,
      row: rowOf(act, {}, { reason: `set-up failed: ${error.message}` }),
      mismatches: [],
      works: false,
    };
  }
}

/** It ends the token, or the account, that it is called under. */
export function endsItself({ operation, mayEndToken }: Act): boolean {
  return mayEndToken === "named" || (operation.method === "DELETE" && operation.pathParameters.length === 0);
}

/** For all that is known it may do so: a logout need not be called one. */
export function mayEndItself(act: Act): boolean {
  return act.mayEndToken !== undefined || endsItself(act);
}

async function examineWith(scene: Scene, act: Act, fixture: Fixture): Promise<Examined> {
  const send = (presented: Presented) => scene.caller.send(callWith(scene, act, fixture, presented));
  const bad = await inTurn(badCredentials(scene.carrier), send);
  const good = await goodCall(scene, act, fixture);
  if (!good) return unusable(act, scene, bad);
  if (!succeeded(good)) {
    const reason = `with a good token it is answered ${good.status ?? good.failure}: a refusal says nothing`;
    return { act, row: rowOf(act, cells(bad, false), { reason }), mismatches: [], works: false };
  }
  const enforced = cells(bad, true);
  const mismatches = act.operation.open ? [] : await suspects(scene, act, fixture, bad, enforced);
  if (!mayEndItself(act)) await oddly(scene, act, good, send, enforced);
  const challenge = challengeOf(
    bad.map((one) => one.exchange),
    scene.carrier.keyword,
  );
  const remarks = remarksOf(act, enforced, challenge, scene);
  return {
    act,
    row: rowOf(act, enforced, { challenge, remarks, scheme: scene.scheme }),
    mismatches,
    works: true,
  };
}

interface Sent {
  readonly presented: Presented;
  readonly exchange: Exchange;
}

type Cells = Partial<Record<ControlName, ControlCell>>;

async function inTurn(
  all: readonly Presented[],
  send: (one: Presented) => Promise<Exchange>,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const presented of all) sent.push({ presented, exchange: await send(presented) });
  return sent;
}

function cells(sent: readonly Sent[], works: boolean): Cells {
  const found: Cells = {};
  for (const { presented, exchange } of sent) {
    const look = firstLook(exchange, works);
    found[presented.name] = cellOf(look === "let-in" ? "unclear" : look, exchange, presented.does);
  }
  return found;
}

/** Under a token of its own where the call ends it; `undefined` where there is none to spend. */
async function goodCall(scene: Scene, act: Act, fixture: Fixture): Promise<Exchange | undefined> {
  const { context, credentials, owner } = scene;
  const risky = mayEndItself(act);
  if (risky && !credentials.renewable) return undefined;
  // What was there before the scan keeps its password, and is not deleted, not even to see whether that works.
  if (!credentials.fresh && act.operation.body?.slots.some((slot) => slot.secret)) return undefined;
  if (!risky) return context.session.send(callWith(scene, act, fixture, owner.token));
  if (!credentials.fresh && act.operation.method === "DELETE") return undefined;
  const own = credentials.fresh ? await credentials.mint() : { ...owner, token: await owner.login?.() };
  if (!own.token) return undefined;
  return scene.caller.send(
    callWith(scene, act, await setUp(context, act, { ...own, token: own.token }), own.token),
  );
}

function unusable(act: Act, scene: Scene, bad: readonly Sent[]): Examined {
  const reason = "not called with a good token: it may end or change what was there before the scan";
  const challenge = challengeOf(
    bad.map((one) => one.exchange),
    scene.carrier.keyword,
  );
  const row = rowOf(act, cells(bad, false), { reason, challenge, scheme: scene.scheme });
  return { act, row, mismatches: [], works: false };
}

/** What was let in although nobody should be: looked at until it is a proof, or none. */
async function suspects(
  scene: Scene,
  act: Act,
  fixture: Fixture,
  bad: readonly Sent[],
  enforced: Cells,
): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = [];
  for (const { presented, exchange } of bad) {
    if (firstLook(exchange, true) !== "let-in") continue;
    if (endsItself(act)) {
      enforced[presented.name] = cellOf("unclear", exchange, presented.does, "no read shows its effect");
      continue;
    }
    const suspicion = { scene, act, presented, good: scene.owner.token };
    const proof = await prove(suspicion, fixture, scene.owner);
    enforced[presented.name] = cellOf(proof.answer, exchange, presented.does, proof.note);
    if (proof.answer === "accepted") mismatches.push(notEnforced(suspicion, proof));
  }
  return mismatches;
}

/** The good token presented in odd ways, and another user's good token. None of it is a finding. */
async function oddly(
  scene: Scene,
  act: Act,
  good: Exchange,
  send: (one: Presented) => Promise<Exchange>,
  enforced: Cells,
): Promise<void> {
  const odd = oddCredentials(scene.carrier, scene.owner.token);
  for (const { presented, exchange } of await inTurn(odd, send))
    enforced[presented.name] = cellOf(oddAnswer(act, exchange, good, enforced), exchange, presented.does);
  enforced.other = await othersToken(scene, act, good, send, enforced);
}

async function othersToken(
  { other }: Scene,
  act: Act,
  good: Exchange,
  send: (one: Presented) => Promise<Exchange>,
  { none }: Cells,
): Promise<ControlCell> {
  if (act.links.length === 0) return untested("it names no object");
  if (!other) return untested("there is no other user");
  const does = "another user's token";
  const exchange = await send({ name: "other", does, headers: other.token.headers });
  const look = firstLook(exchange, true);
  if (look !== "let-in") return cellOf(look, exchange, does);
  if (act.operation.method === "GET")
    return cellOf(sameShape(good, exchange) ? "accepted" : "withheld", exchange, does);
  // Where a call without a token is answered with 2xx as well, that says nothing.
  return cellOf(none?.answer === "refused" ? "accepted" : "unclear", exchange, does);
}

/** A call that only differs in how the token came: what it answers is compared with what none is answered. */
function oddAnswer(act: Act, exchange: Exchange, good: Exchange, { none }: Cells): ControlCell["answer"] {
  const { status } = exchange;
  if (status === undefined || status >= 500) return "unclear";
  if (status === none?.status || status === 400 || status === 401 || status === 403)
    return none?.answer === "refused" ? "refused" : "unclear";
  if (act.operation.method === "GET")
    return succeeded(exchange) && sameShape(good, exchange) ? "accepted" : "withheld";
  return "accepted";
}

function sameShape(a: Exchange, b: Exchange): boolean {
  const [left, right] = [leavesIn(a.body), leavesIn(b.body)];
  return left.size === right.size && [...left.keys()].every((key) => right.has(key));
}

function remarksOf(
  { operation, scheme }: Act,
  enforced: Cells,
  challenge: ControlRow["challenge"],
  { carrier }: Scene,
): string[] {
  const remarks: string[] = [];
  if (enforced.case?.answer === "refused")
    remarks.push(
      `accepts "${carrier.keyword}" in this case only: the names of schemes are case-insensitive (RFC 9110 §11.1)`,
    );
  if (enforced.query?.answer === "accepted")
    remarks.push("takes the token from the query, from where it gets into logs (RFC 9700 §4.3.2)");
  if (enforced.other?.answer === "accepted")
    remarks.push(
      "lets another user in at an object of the first user's: right where objects are shared, BOLA where not",
    );
  if (challenge === "missing") remarks.push("answers 401 without WWW-Authenticate (RFC 9110 §15.5.2)");
  if (challenge === "other")
    remarks.push(`answers 401 with a challenge that does not name ${carrier.keyword}`);
  if (!operation.open && enforced.none?.tested.endsWith(ALIKE))
    remarks.push(`declares ${scheme}, and answers everybody alike, with or without a token`);
  return remarks;
}

export function rowOf(act: Act, enforced: Cells, rest: Partial<ControlRow>): ControlRow {
  const { operation } = act;
  return {
    operation: refOf(operation),
    declared: operation.bearer,
    optional: operation.open,
    enforced,
    challenge: "not seen",
    atomic: "not known",
    remarks: [],
    ...rest,
  };
}
