import type { ControlCell, ControlName } from "../../findings/controls.ts";
import type { Operation } from "../../plan/operation.ts";
import { operationName } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { type Principal, SetupFailed } from "../credentials/index.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { type Revoker, revokersOf } from "../revocation.ts";
import type { Token } from "../token.ts";
import { cellOf, firstLook, untested } from "./answers.ts";
import { exchangeEvidence, type Mismatch, prove } from "./mismatch.ts";
import type { Proof, Suspicion } from "./proof.ts";
import { callWith, recorded, type Scene } from "./scene.ts";

const LATER = [
  ["revoked", 0],
  ["revoked1s", 1000],
  ["revoked5s", 5000],
] as const;

/** A token that was revoked once, and what it is called on. */
interface Revoked {
  readonly by: Revoker;
  readonly answer: Exchange;
  readonly token: Token;
  /** Of the same principal, never revoked. */
  readonly good?: Token;
  readonly principal: Principal;
  readonly calls: readonly RevokedCall[];
}

interface RevokedCall {
  readonly act: Act;
  readonly fixture: Fixture;
  /** What the read showed while the token was good. */
  readonly before?: Exchange;
}

export interface RevokedCells {
  readonly cells: ReadonlyMap<Act, Partial<Record<ControlName, ControlCell>>>;
  readonly mismatches: readonly Mismatch[];
}

/** One revocation for all operations of a scheme; each is called under the token at once, 1 s and 5 s later. */
export async function examineRevoked(
  scene: Scene,
  acts: readonly Act[],
  declared: readonly Operation[],
): Promise<RevokedCells> {
  // An access token may rightly outlive its refresh token: what ends that one says nothing about this one.
  const revokers = revokersOf(scene.context, scene.scheme, declared).filter((one) => !one.ofRefreshToken);
  const revoked = await revokeOne(scene, acts, revokers);
  if ("reason" in revoked) return { cells: allUntested(acts, revoked.reason), mismatches: [] };
  const { context } = scene;
  const cells = new Map(
    revoked.calls.map(({ act }) => [act, {} as Partial<Record<ControlName, ControlCell>>]),
  );
  const since = revoked.answer.return ?? context.clock.now();
  let open: readonly RevokedCall[] = revoked.calls;
  for (const [name, afterMs] of LATER) {
    if (name === "revoked5s") {
      for (const call of revoked.calls)
        if (!open.includes(call))
          (cells.get(call.act) ?? {})[name] = untested("refused before, and not asked again");
      if (open.length === 0) break;
    }
    const wait = since + afterMs - context.clock.now();
    if (wait > 0) await context.clock.sleep(wait, context.signal);
    const letIn: RevokedCall[] = [];
    for (const call of open.length > 0 && name === "revoked5s" ? open : revoked.calls) {
      const exchange = await scene.caller.send(callWith(scene, call.act, call.fixture, revoked.token));
      const look = firstLook(exchange, true);
      const age = `${((context.clock.now() - since) / 1000).toFixed(1)} s after ${revoked.by.name}`;
      (cells.get(call.act) ?? {})[name] = cellOf(look === "let-in" ? "accepted" : look, exchange, age);
      if (look === "let-in") letIn.push(call);
    }
    open = letIn;
  }
  const mismatches = await stillGood(scene, revoked, open, cells);
  return { cells, mismatches };
}

function allUntested(acts: readonly Act[], reason: string): RevokedCells["cells"] {
  const cell = untested(reason);
  return new Map(acts.map((act) => [act, { revoked: cell, revoked1s: cell, revoked5s: cell }]));
}

async function revokeOne(
  scene: Scene,
  acts: readonly Act[],
  revokers: readonly Revoker[],
): Promise<Revoked | { readonly reason: string }> {
  const { credentials, owner } = scene;
  if (revokers.length === 0)
    return { reason: "neither the document nor deadheat.yaml says what revokes a token" };
  if (!credentials.renewable) return { reason: "a token that is revoked cannot be had again" };
  const principal = credentials.fresh ? await credentials.mint() : owner;
  const another = await principal.login?.();
  const distinct = another !== undefined && another.value !== principal.token.value;
  if (!credentials.fresh && !distinct) return { reason: "no second token of the same principal can be had" };
  // Of a principal that others use as well, the token that they use is left alone.
  const token = credentials.fresh ? principal.token : (another as Token);
  const good = distinct ? (credentials.fresh ? another : principal.token) : undefined;
  const calls = await callsUnder(scene, acts, { ...principal, token });
  const victim = { token, principal, calls, ...(good ? { good } : {}) };
  if (calls.some((one) => one.before)) return revoke(scene, revokers, victim);
  // Where a log-in ends the session before it, the token of the last one is the one that works.
  const last = credentials.fresh ? another : undefined;
  const retried = last ? await callsUnder(scene, acts, { ...principal, token: last }) : [];
  if (!last || !retried.some((one) => one.before))
    return { reason: "no read works under the token that is to be revoked" };
  return revoke(scene, revokers, { token: last, principal, calls: retried });
}

/** By the first of the operations that acknowledges it. */
async function revoke(
  scene: Scene,
  revokers: readonly Revoker[],
  victim: Omit<Revoked, "by" | "answer">,
): Promise<Revoked | { readonly reason: string }> {
  const tried: string[] = [];
  for (const by of revokers) {
    const answer = await sendEnd(scene, await by.request(victim.principal, victim.token));
    if (succeeded(answer)) return { ...victim, by, answer };
    tried.push(`${by.name} answers ${answer.status ?? answer.failure}`);
  }
  return { reason: tried.join("; ") };
}

/** Where a token endpoint is elsewhere, the user's recipe says so. */
function sendEnd({ caller, context }: Scene, request: HttpRequest): Promise<Exchange> {
  return request.origin === undefined ? caller.send(request) : context.recipes.send(request);
}

/** A recipe may put the token into the path: what is shown is what the recipe says. */
function recordedEnd(scene: Scene, { by, answer }: Revoked) {
  const path = by.name.slice(by.name.indexOf(" ") + 1);
  return recorded(scene, { ...answer, request: { ...answer.request, path } }, "the revocation");
}

async function callsUnder(scene: Scene, acts: readonly Act[], principal: Principal): Promise<RevokedCall[]> {
  const calls: RevokedCall[] = [];
  for (const act of acts) {
    try {
      const fixture = await setUp(scene.context, act, principal);
      if (act.operation.method !== "GET") calls.push({ act, fixture });
      else {
        const before = await scene.caller.send(callWith(scene, act, fixture, principal.token));
        calls.push({ act, fixture, ...(succeeded(before) ? { before } : {}) });
      }
    } catch (error) {
      if (!(error instanceof SetupFailed)) throw error;
    }
  }
  return calls;
}

/** Five seconds after its revocation was acknowledged: what does the token still read and write? */
async function stillGood(
  scene: Scene,
  revoked: Revoked,
  open: readonly RevokedCall[],
  cells: Map<Act, Partial<Record<ControlName, ControlCell>>>,
): Promise<Mismatch[]> {
  const { token, good, principal } = revoked;
  const proven: { readonly act: Act; readonly proof: Proof }[] = [];
  for (const call of open) {
    const presented = { name: "revoked5s", does: "the revoked token", headers: token.headers } as const;
    const suspicion: Suspicion = {
      scene,
      act: call.act,
      presented,
      ...(good ? { good } : {}),
      ...(call.before ? { shownBefore: call.before } : {}),
    };
    const proof = await prove(suspicion, call.fixture, principal);
    const row = cells.get(call.act) ?? {};
    for (const [name] of LATER) {
      const cell = row[name];
      if (cell?.answer === "accepted" && proof.answer !== "accepted")
        row[name] = { ...cell, answer: proof.answer, tested: `${cell.tested}; ${proof.note}` };
    }
    if (proof.answer === "accepted") proven.push({ act: call.act, proof });
  }
  const asked = [...cells.values()].flatMap((row) => Object.values(row));
  const refusedSomewhere = asked.some((one) => one?.status === 401 || one?.status === 403);
  if (!refusedSomewhere && revoked.by.operation)
    return atTheRevoker(scene, revoked, revoked.by.operation, proven);
  return proven.map((one) => atTheOperation(scene, revoked, one));
}

/** Nothing refuses the token: it is the revocation that does nothing. */
function atTheRevoker(
  scene: Scene,
  revoked: Revoked,
  operation: Operation,
  proven: readonly { readonly act: Act; readonly proof: Proof }[],
): Mismatch[] {
  const [first] = proven;
  if (!first) return [];
  const { by, answer, good } = revoked;
  const verbs = proven.map(({ act, proof }) => `${operationName(act.operation)} ${proof.note}`);
  const exchanges = [recordedEnd(scene, revoked), ...proven.flatMap(({ proof }) => proof.exchanges)];
  const summary =
    `${by.name} was acknowledged with ${answer.status}; more than 5 s later the token is as good as before: ` +
    `${verbs.slice(0, 3).join("; ")}.`;
  const controls = [
    "the token was good before the revocation",
    ...(good ? ["a token of the same principal that was never revoked does the same"] : []),
    ...new Set(proven.flatMap(({ proof }) => proof.controls)),
  ];
  return [
    {
      weakness: "control-mismatch",
      operation,
      severity: "medium",
      declared: `is called a revocation: ${operation.words}`,
      evidence: [{ kind: "runtime", form: "exchange", summary, exchanges, controls }],
    },
  ];
}

function atTheOperation(
  scene: Scene,
  revoked: Revoked,
  { act, proof }: { readonly act: Act; readonly proof: Proof },
): Mismatch {
  const summary =
    `A token that ${revoked.by.name} revoked is still accepted more than 5 s ` +
    `later: ${operationName(act.operation)} ${proof.note}.`;
  const evidence = exchangeEvidence(summary, proof, ["the token was good before the revocation"]);
  return {
    weakness: "control-mismatch",
    operation: act.operation,
    severity: "high",
    declared: `declares ${scene.scheme}`,
    evidence: [{ ...evidence, exchanges: [recordedEnd(scene, revoked), ...proof.exchanges] }],
  };
}
