import { DeadheatError } from "../errors.ts";
import type { Cleanup } from "../findings/report.ts";
import { openMailbox } from "../mail/index.ts";
import type { Plan } from "../plan/plan.ts";
import {
  Inventory,
  Pacing,
  type RaceContext,
  RecipeRunner,
  resolveTarget,
  ScanStopped,
  Session,
  type Target,
  transports,
} from "../race/index.ts";
import { seededRandom } from "../random.ts";
import { loadDocument, planDocument } from "../spec/index.ts";
import { credentialsFor } from "./credentials.ts";
import type { CredentialNote } from "./events.ts";
import type { TargetOptions } from "./options.ts";

/** A target that answers, and everything that is needed to race it. */
export interface PreparedTarget {
  readonly context: RaceContext;
  /** How tokens are had, by scheme. */
  readonly notes: readonly CredentialNote[];
  readonly ms: number;
  /** Takes away what was made, and lets go of everything. */
  close(): Promise<Cleanup>;
}

/** For taking away what was made, ms; little where somebody waits for the program to stop. */
const CLEANUP_MS = 60_000;
const CLEANUP_INTERRUPTED_MS = 2_000;

export async function loadPlan(options: TargetOptions): Promise<Plan> {
  const document = await loadDocument(options.document);
  return planDocument(document, { optIn: options.optIn, objects: options.objects ?? [] });
}

/** Resolves the target, finds what it speaks and how tokens are had. Throws DeadheatError. */
export async function prepareTarget(
  options: TargetOptions,
  plan: Plan,
  onReachable: (target: Target) => void = () => {},
): Promise<PreparedTarget> {
  const { clock, signal, timeoutMs, ratePerSecond } = options;
  const url = options.target ?? plan.server;
  if (url === undefined)
    throw new DeadheatError("usage", "no target", "Add --target URL: the document names no server.");
  const target = await resolveTarget(url, options.authorization);
  const budget = { limit: options.requestLimit, spent: 0 };
  const pacing = new Pacing({ clock, signal, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) });
  const session = new Session({ target, clock, budget, signal, timeoutMs, pacing });
  const mailbox = options.mail && (await openMailbox(options.mail, clock, signal));
  const inventory = new Inventory();
  const others = new Map<string, Promise<Session>>();
  // A token endpoint elsewhere needs the same permission as a target elsewhere.
  const elsewhere = (origin: string) => {
    const known = others.get(origin) ?? sessionFor(origin);
    others.set(origin, known);
    return known;
  };
  const sessionFor = async (origin: string) =>
    new Session({
      target: await resolveTarget(origin, options.authorization),
      clock,
      budget,
      signal,
      timeoutMs,
      pacing,
    });
  const close = async () => {
    try {
      return await takeAway(options, target, inventory);
    } finally {
      await mailbox?.close();
      for (const other of others.values()) await other.then((one) => one.close()).catch(() => {});
      await session.close();
    }
  };
  try {
    const started = clock.now();
    await session.assertReachable(plan.credentials[0]?.probes[0]?.path ?? "/");
    let names = 0;
    const seed = hash(options.seed);
    const base = {
      target,
      session,
      clock,
      budget,
      pacing,
      inventory,
      signal,
      timeoutMs,
      random: seededRandom(seed),
      randomOf: (index: number) => seededRandom(hash(`${seed} ${index}`)),
      unique: () => `dh${options.nonce}${(names++).toString(36)}`,
      uuid: options.uuid,
      recipes: new RecipeRunner({ session, clock, elsewhere, mail: mailbox }),
    };
    onReachable(target);
    const spoken = [];
    for (const transport of transports)
      if (await transport.supports(target, { clock, signal, timeoutMs })) spoken.push(transport);
    const { credentials, makers, notes } = await credentialsFor(base, plan.credentials, options);
    const context: RaceContext = { ...base, transports: spoken, credentials, makers };
    return { context, notes, ms: clock.now() - started, close };
  } catch (error) {
    await close();
    if (error instanceof ScanStopped)
      throw new DeadheatError(
        "usage",
        error.message,
        "Allow more with --requests, or slow down with --rate.",
        error,
      );
    throw error;
  }
}

/** On a session of its own: the scan's may be aborted, and its budget spent. */
async function takeAway(options: TargetOptions, target: Target, inventory: Inventory): Promise<Cleanup> {
  const { clock, timeoutMs, ratePerSecond } = options;
  const { signal } = new AbortController();
  const end = clock.now() + (options.signal.aborted ? CLEANUP_INTERRUPTED_MS : CLEANUP_MS);
  const pacing = new Pacing({ clock, signal, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) });
  const budget = { limit: Number.POSITIVE_INFINITY, spent: 0 };
  const session = new Session({
    target,
    clock,
    budget,
    signal,
    timeoutMs: Math.min(timeoutMs, CLEANUP_INTERRUPTED_MS),
    pacing,
  });
  try {
    await inventory.clear(
      (request) => session.send(request),
      () => clock.now() < end,
    );
  } finally {
    await session.close();
  }
  return inventory.cleanup;
}

/** FNV-1a: any text is a seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
