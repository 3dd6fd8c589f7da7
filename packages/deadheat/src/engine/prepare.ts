import { setMaxListeners } from "node:events";
import { DeadheatError } from "../errors.ts";
import type { Cleanup } from "../findings/report.ts";
import type { Degradation } from "../findings/transports.ts";
import type { MailRecipe } from "../plan/credential.ts";
import type { Plan } from "../plan/plan.ts";
import {
  Inventory,
  makersIn,
  openNetwork,
  Pacing,
  probeTransports,
  type RaceContext,
  RecipeRunner,
  Renewals,
  resolveTarget,
  ScanStopped,
  Sessions,
  spend,
  type Target,
  TransportChoice,
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

export interface PrepareHooks {
  readonly onReachable?: (target: Target) => void;
  /** Told of each transport that is not used, or lost its edge; before and during the trials. */
  readonly onDegraded?: (degradation: Degradation) => void;
}

/** Bursts of each transport before the first trial. */
const PROBE_ROUNDS = 11;
/** What they may take where there is a limit to requests or to their rate, in parts of them. */
const PROBE_SECONDS = 2;
const PROBE_SHARE = 0.02;
const PROBE_REQUESTS_A_ROUND = 20;

function roundsFor({ ratePerSecond = Number.POSITIVE_INFINITY, requestLimit }: TargetOptions): number {
  const requests = Math.min(ratePerSecond * PROBE_SECONDS, requestLimit * PROBE_SHARE);
  // One round more than counts warms up.
  return Math.max(-1, Math.min(PROBE_ROUNDS, Math.floor(requests / PROBE_REQUESTS_A_ROUND) - 1));
}

/** For taking away what was made, ms; little where somebody waits for the program to stop. */
const CLEANUP_MS = 60_000;
const CLEANUP_INTERRUPTED_MS = 2_000;

/** A mail server is much to load for the few that need one. */
async function mailboxFor(recipe: MailRecipe, { clock, signal }: TargetOptions) {
  const { openMailbox } = await import("../mail/index.ts");
  return openMailbox(recipe, clock, signal);
}

export async function loadPlan(
  options: Pick<TargetOptions, "document" | "optIn" | "objects" | "principals">,
): Promise<Plan> {
  const document = await loadDocument(options.document);
  return planDocument(document, {
    optIn: options.optIn,
    objects: options.objects ?? [],
    principals: options.principals ?? [],
  });
}

/** Resolves the target, finds what it speaks and how tokens are had. Throws DeadheatError. */
export async function prepareTarget(
  options: TargetOptions,
  plan: Plan,
  hooks: PrepareHooks = {},
): Promise<PreparedTarget> {
  const { clock, signal, timeoutMs } = options;
  const url = options.target ?? plan.server;
  if (url === undefined)
    throw new DeadheatError("usage", "no target", "Add --target URL: the document names no server.");
  const network = options.network && (await openNetwork(options.network));
  const target = await resolveTarget(url, options.authorization, network);
  // Each request and each wait of a burst listens to it.
  setMaxListeners(0, signal);
  assertPathKnown(url, plan);
  const renewals = new Renewals(clock);
  const inventory = new Inventory(makersIn(plan.operations));
  const budget = { limit: options.requestLimit, spent: 0 };
  const pacing = pacingOf(options, signal);
  const sessions = new Sessions(target, options.authorization, {
    clock,
    budget,
    signal,
    timeoutMs,
    pacing,
    renewals,
    inventory,
  });
  const { session } = sessions;
  const mailbox = options.mail && (await mailboxFor(options.mail, options));
  const close = async () => {
    try {
      return await takeAway(options, target, inventory, renewals);
    } finally {
      await mailbox?.close();
      await sessions.close();
    }
  };
  try {
    const started = clock.now();
    const path = plan.credentials[0]?.probes[0]?.path ?? "/";
    await reachable(session, path, options);
    let names = 0;
    const seed = hash(options.seed);
    const base = {
      target,
      session,
      clock,
      budget,
      pacing,
      inventory,
      renewals,
      signal,
      timeoutMs,
      random: seededRandom(seed),
      randomOf: (index: number) => seededRandom(hash(`${seed} ${index}`)),
      unique: () => `dh${options.nonce}${(names++).toString(36)}`,
      uuid: options.uuid,
      recipes: new RecipeRunner({
        session,
        clock,
        elsewhere: (origin) => sessions.of(origin),
        mail: mailbox,
      }),
    };
    hooks.onReachable?.(target);
    const choice = new TransportChoice(
      await probeTransports(transports, target, {
        clock,
        signal,
        timeoutMs,
        request: { method: "GET", path, headers: { accept: "application/json" } },
        rounds: roundsFor(options),
        async admit(requests) {
          await pacing.before(requests);
          spend(budget, requests);
        },
        onBurst: ({ exchanges }) => exchanges.forEach((one) => void pacing.later(one)),
      }),
      hooks.onDegraded ?? (() => {}),
    );
    const { credentials, makers, notes } = await credentialsFor(base, plan.credentials, options);
    const interleaver = options.database?.interleaver;
    const context: RaceContext = {
      ...base,
      transports: choice.usable,
      choice,
      overlapShown: {},
      credentials,
      makers,
      ...(interleaver ? { interleaver } : {}),
    };
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

/**
 * Operations are called at the paths of the document, its servers' path in front. A target with a path is
 * harmless where they begin with it anyway; otherwise one of the two is wrong, and which is not known: a document
 * of Django's says /api/… itself, so that putting /api in front would be a mistake as often as leaving it out.
 */
function assertPathKnown(url: string, { operations }: Plan): void {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/+$/, "");
  if (path === "" || operations.every((one) => one.path.startsWith(`${path}/`) || one.path === path)) return;
  throw new DeadheatError(
    "target-invalid",
    `${origin}${path}: the document's paths do not begin with ${path} (the first is ${operations[0]?.path})`,
    `Give --target ${origin}; where the API is served below ${path}, write that under servers in the document.`,
  );
}

/** Whoever has just been told the proxy's address has still to start the API. */
const WAIT_MS = 120_000;
const ASK_EVERY_MS = 250;
const FIRST_CONNECTION_MS = 3000;
const KNOCK_EVERY_MS = 1000;

async function reachable(
  session: Sessions["session"],
  path: string,
  { database, clock, signal }: TargetOptions,
): Promise<void> {
  const end = clock.now() + (database ? WAIT_MS : 0);
  for (;;) {
    try {
      await session.assertReachable(path);
      break;
    } catch (error) {
      if (!(error instanceof DeadheatError) || clock.now() >= end) throw error;
      await clock.sleep(ASK_EVERY_MS, signal);
    }
  }
  // An API that is being restarted still answers; one that connects when it has to has not connected yet.
  const connected = clock.now() + FIRST_CONNECTION_MS;
  while (database && !database.seen() && clock.now() < connected) {
    await session.send({ method: "GET", path, headers: { accept: "application/json" } });
    await clock.sleep(KNOCK_EVERY_MS, signal);
  }
}

/** On a session of its own: the scan's may be aborted, and its budget spent. */
async function takeAway(
  options: TargetOptions,
  target: Target,
  inventory: Inventory,
  renewals: Renewals,
): Promise<Cleanup> {
  const { clock } = options;
  const limitMs = options.signal.aborted ? CLEANUP_INTERRUPTED_MS : CLEANUP_MS;
  const done = new AbortController();
  const over = new AbortController();
  void clock.sleep(limitMs, done.signal).then(
    () => over.abort(),
    () => {},
  );
  const sessions = new Sessions(target, options.authorization, {
    clock,
    budget: { limit: Number.POSITIVE_INFINITY, spent: 0 },
    signal: over.signal,
    timeoutMs: Math.min(options.timeoutMs, CLEANUP_INTERRUPTED_MS),
    pacing: pacingOf(options, over.signal),
    renewals,
  });
  try {
    await inventory.clear(
      async (request) => (await sessions.of(request.origin)).sendPatiently(request),
      () => !over.signal.aborted,
    );
  } finally {
    done.abort();
    await sessions.close();
  }
  return inventory.cleanup;
}

function pacingOf({ clock, ratePerSecond }: TargetOptions, signal: AbortSignal): Pacing {
  return new Pacing({ clock, signal, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) });
}

/** FNV-1a: any text is a seed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
