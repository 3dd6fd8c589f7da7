import type { ControlCell, ControlName, ControlRow } from "../../findings/controls.ts";
import type { Operation } from "../../plan/operation.ts";
import type { Act, CredentialPlan } from "../../plan/plan.ts";
import type { RaceContext } from "../context.ts";
import { SetupFailed } from "../credentials/index.ts";
import { type Examined, examine, mayEndItself, rowOf } from "./examine.ts";
import { examineExpired, LONG_AFTER } from "./expired.ts";
import { examineForgeries, type ForgeryResult } from "./jwt/examine.ts";
import type { Mismatch } from "./mismatch.ts";
import { carrierOf } from "./presented.ts";
import { examineRevoked } from "./revoked.ts";
import { amounts, Caller, type Scene } from "./scene.ts";

/** What there is to be put to the test under one security scheme. */
export interface SchemePlan {
  readonly plan: CredentialPlan;
  readonly acts: readonly Act[];
  /** Operations that are said to revoke the token they are called with. */
  readonly revokers: readonly Operation[];
  /** Reads of the document that may publish keys. */
  readonly keyReads: readonly Operation[];
  /** See ScanOptions. */
  readonly longAfterEndMs?: number;
}

export interface SchemeResult {
  readonly rows: readonly ControlRow[];
  readonly mismatches: readonly Mismatch[];
  /** What became of the forged tokens; absent where nothing could be sent. */
  readonly forgeries?: ForgeryResult;
}

/** Puts every operation of one scheme to the test. */
export async function examineScheme(context: RaceContext, asked: SchemePlan): Promise<SchemeResult> {
  const credentials = context.credentials.get(asked.plan.scheme);
  const reason = `no credential for ${asked.plan.scheme}`;
  if (!credentials) return { rows: asked.acts.map((act) => rowOf(act, {}, { reason })), mismatches: [] };
  const caller = new Caller(context);
  try {
    const owner = await credentials.mint();
    const other = credentials.users > 1 ? await credentials.mint(1) : undefined;
    const scene: Scene = {
      context,
      credentials,
      scheme: asked.plan.scheme,
      carrier: carrierOf(owner.token),
      owner,
      ...(other && other.token.value !== owner.token.value ? { other } : {}),
      caller,
      amount: amounts(),
    };
    return await examineAll(scene, asked);
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    return { rows: asked.acts.map((act) => rowOf(act, {}, { reason: error.message })), mismatches: [] };
  } finally {
    await caller.close();
  }
}

async function examineAll(scene: Scene, asked: SchemePlan): Promise<SchemeResult> {
  const examined: Examined[] = [];
  // What names an object comes first, so that lists are not empty; what ends an account or a token comes last.
  const inOrder = [...asked.acts].sort(
    (a, b) => Number(mayEndItself(a)) - Number(mayEndItself(b)) || b.links.length - a.links.length,
  );
  for (const act of inOrder) examined.push(await examine(scene, act));
  const usable = examined.filter((one) => one.works && !mayEndItself(one.act)).map((one) => one.act);
  const expired = await examineExpired(scene, usable, asked.longAfterEndMs);
  const revoked = await examineRevoked(scene, usable, asked.revokers);
  const ended = await expired();
  const forgeries = await examineForgeries(scene, usable, asked.keyReads);
  const rows = asked.acts.map((act) => {
    const { row } = examined.find((one) => one.act === act) as Examined;
    return withCells(row, revoked.cells.get(act), ended.cells.get(act), forgeries.cells.get(act));
  });
  const open = new Set(examined.flatMap((one) => one.mismatches.map(({ operation }) => operation)));
  const mismatches = [
    ...examined.flatMap((one) => one.mismatches),
    // What asks for no token at all takes a revoked one, too: that is the same mistake.
    ...revoked.mismatches.filter(({ operation }) => !open.has(operation)),
    ...ended.mismatches.filter(({ operation }) => !open.has(operation)),
    ...forgeries.mismatches,
  ];
  return { rows, mismatches: merged(mismatches), forgeries };
}

type Cells = Partial<Record<ControlName, ControlCell>>;

function withCells(row: ControlRow, ...more: readonly (Cells | undefined)[]): ControlRow {
  const enforced = Object.assign({}, row.enforced, ...more) as Cells;
  const late = enforced.revoked1s?.answer === "accepted" && enforced.revoked5s?.answer === "refused";
  const remarks = [
    ...row.remarks,
    ...(late ? ["lets a revoked token in for more than 1 s after the revocation, and not after 5 s"] : []),
    ...(enforced.expired?.answer === "accepted"
      ? [
          enforced.expired.tested.includes(LONG_AFTER)
            ? `lets a token in ${LONG_AFTER}: nobody looks at it (RFC 7519 §4.1.4)`
            : "lets a token in shortly after its end: a leeway, or no check at all (RFC 7519 §4.1.4); --thorough tells",
        ]
      : []),
  ];
  return { ...row, enforced, remarks };
}

/** One finding for each weakness and operation, with all that shows it: no token and garbage are one mistake. */
function merged(mismatches: readonly Mismatch[]): Mismatch[] {
  const all = new Map<string, Mismatch>();
  for (const one of mismatches) {
    const key = `${one.weakness} ${one.operation.id}`;
    const known = all.get(key);
    all.set(key, known ? { ...known, evidence: [...known.evidence, ...one.evidence] } : one);
  }
  return [...all.values()];
}
