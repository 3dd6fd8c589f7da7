import { DeadheatError } from "../errors.ts";
import type { Interleaver, Recording, Script } from "../plan/interleaving.ts";
import type { Schedule } from "../plan/schedule.ts";
import type { RaceContext } from "./context.ts";
import { SetupFailed } from "./credentials/index.ts";
import { shownByDatabase } from "./kept-here.ts";
import type { Interleaved, Prepared, Trial } from "./scenarios/index.ts";
import type { ScheduleTally } from "./schedule-tally.ts";

/** What is known of the requests before any schedule is tried. */
export interface Captured {
  readonly script: Script;
  /** The trial in which the first request went first. */
  readonly trial: Trial;
  readonly before: Recording["results"];
  /** Of the reads of the state after that; absent where answers alone are judged. */
  readonly observed?: Recording;
}

/** What asks for much may be refused already alone: then as little as can be asked for. */
export async function captureAllowed(
  context: RaceContext,
  interleaver: Interleaver,
  prepared: Prepared,
  base: Schedule,
  { alike, names }: Interleaved,
): Promise<Captured | string> {
  for (const amount of base.amount > LEAST ? [base.amount, LEAST] : [base.amount]) {
    const captured = await capture(context, interleaver, prepared, { ...base, amount }, alike);
    if (typeof captured === "string" || !isRefused(captured.trial, names)) return captured;
  }
  return "the requests are refused already one at a time";
}

const LEAST = 1;

function isRefused({ calls }: Trial, names: Interleaved["names"]): boolean {
  const requests = [...calls.values()].filter(({ operation }) => names.includes(operation));
  const refused = requests.filter(({ status = 0 }) => status >= 400 && status < 500);
  return requests.length > 0 && refused.length === requests.length;
}

/** Each request alone on a fresh set-up, the other after it; or why that says nothing. */
async function capture(
  context: RaceContext,
  interleaver: Interleaver,
  prepared: Prepared,
  base: Schedule,
  alike: boolean,
): Promise<Captured | string> {
  const alone = async (which: "first" | "second") => {
    const stage = interleaver.capture(which);
    const schedule = { ...base, interleaving: { held: which, before: 0 } };
    const trial = await attempt(prepared, schedule, stage).finally(() => stage.close());
    if (typeof trial === "string") return `the requests could not be captured: ${trial}`;
    if (trial.result.verdict === "race")
      return "the requests one after the other, each alone, also break the model";
    return { trial, statements: stage.captured(), before: stage.answersBefore() };
  };
  const first = await alone("first");
  if (typeof first === "string") return first;
  const { trial, before } = first;
  const observed = await observationOf(context, interleaver, trial);
  const second = alike ? first : await alone("second");
  if (typeof second === "string") return second;
  const script = {
    first: first.statements,
    second: second.statements,
    ...(observed ? { observation: observed.statements } : {}),
  };
  if (script.first.length + script.second.length === 0 && !interleaver.seen()) throw unseen();
  return { script, trial, before, ...(observed ? { observed } : {}) };
}

/** Whether what the schedules put in order is what is judged. */
export async function noteWhereKept(
  interleaver: Interleaver,
  { script, trial, before, observed }: Captured,
  model: string,
  tally: ScheduleTally,
): Promise<void> {
  const kept = await interleaver.kept(script);
  if ("elsewhere" in kept) {
    tally.elsewhere.add(kept.elsewhere);
    return;
  }
  const { changes } = trial;
  const shared = new Set(script.first.map((one) => one.fingerprint));
  const shownBy = (readBy: ReadonlySet<string>) =>
    changes && observed
      ? shownByDatabase(changes, { before, after: observed.results, readBy, shared, summed: kept.summed })
      : "as it is";
  const shown = shownBy(kept.readByEither);
  if (shown === "not") tally.elsewhere.add(NOT_SHOWN);
  if (kept.undecided === undefined) return;
  // What is summed up of rows is added whatever else is there; a limit on them has to be looked at.
  const adds = shown === "as a sum" && model === ADDS;
  // What the requests look up is no token where it shows the state.
  const lookedAt = shownBy(new Set([...kept.readBy].filter((one) => shared.has(one)))) !== "not";
  if (!adds && !(changes && lookedAt)) tally.undecided.add(kept.undecided);
}

/** The oracle's name of a number that every call adds to. */
const ADDS = "counter";

const NOT_SHOWN =
  "what the state shows is not what the database answered: kept in memory, in a cache or in another store?";

/** `undefined` where no request is sent to read the state: answers alone are judged then. */
async function observationOf(
  { budget }: RaceContext,
  interleaver: Interleaver,
  trial: Trial,
): Promise<Recording | undefined> {
  const before = budget.spent;
  const recorded = await interleaver.record(async () => {
    await trial.confirm();
  });
  return budget.spent > before ? recorded : undefined;
}

/** An API that talks to its database directly would look clean in every schedule. */
export function unseen(): DeadheatError {
  return new DeadheatError(
    "database-unseen",
    "no connection came through the proxy: the API talks to its database directly",
    "Start the API with the address that deadheat printed in place of its database URL.",
  );
}

/** A trial, or why it could not be set up. */
export async function attempt(
  prepared: Prepared,
  schedule: Schedule,
  stage: Parameters<Prepared["trial"]>[1],
): Promise<Trial | string> {
  try {
    return await prepared.trial(schedule, stage);
  } catch (error) {
    if (error instanceof SetupFailed) return error.message;
    throw error;
  }
}
