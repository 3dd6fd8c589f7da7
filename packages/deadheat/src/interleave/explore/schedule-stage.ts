import type { Clock } from "../../clock.ts";
import type {
  InterleavedStep,
  Preemption,
  Realisation,
  SchedulingStage,
  Script,
  StatementKind,
  Work,
} from "../../plan/interleaving.ts";
import type { SqlAnalyser } from "../capture/sql.ts";
import type { Answer, Statement } from "../proxy/observer.ts";
import type { DatabaseProxy } from "../proxy/proxy.ts";
import { ScriptCursor } from "./cursor.ts";
import { type SideConnection, waitsFor } from "./side.ts";

export interface StageTerms {
  readonly proxy: DatabaseProxy;
  readonly side: SideConnection;
  readonly analyser: SqlAnalyser;
  readonly clock: Clock;
  /** Nothing is held longer, ms. */
  readonly holdLimitMs: number;
}

type Lane = "first" | "second";
type Step = { -readonly [K in keyof InterleavedStep]: InterleavedStep[K] };

/** How often it is asked who waits for whom, ms. */
const ASK_EVERY_MS = 3;
/** Comes before the work: a connection that is opened and refused has done none. */
const SETS_THE_SCENE: ReadonlySet<StatementKind> = new Set(["setting", "begin", "savepoint"]);

/** Plays a pair under one preemption, once. */
export class ScheduleStage implements SchedulingStage {
  readonly #terms: StageTerms;
  readonly #preemption: Preemption;
  readonly #heldLane: Lane;
  readonly #otherLane: Lane;
  readonly #held: ScriptCursor;
  readonly #other: ScriptCursor;
  readonly #steps: Step[] = [];
  readonly #stepOf = new Map<Statement, Step>();
  readonly #lanes = new Map<number, Lane>();
  #started = 0;
  #phase: "alone" | "held" | "released" = "alone";
  #holder: Statement | undefined;
  #reached: () => void = () => {};
  #release: () => void = () => {};
  /** Of requests that are still under way. */
  readonly #running = new Set<Lane>();
  /** It has come to a statement that reads or changes something. */
  #otherWorked = false;
  readonly #otherPids = new Set<number>();
  readonly #holderPids = new Set<number>();
  #result: Realisation | undefined;

  constructor(terms: StageTerms, preemption: Preemption, script: Script) {
    this.#terms = terms;
    this.#preemption = preemption;
    this.#heldLane = preemption.held;
    this.#otherLane = preemption.held === "first" ? "second" : "first";
    this.#held = new ScriptCursor(script[this.#heldLane]);
    this.#other = new ScriptCursor(script[this.#otherLane]);
  }

  realisation(): Realisation | undefined {
    return this.#result;
  }

  async play(first: Work, second: Work): Promise<void> {
    const [held, other] = this.#heldLane === "first" ? [first, second] : [second, first];
    this.#started = this.#terms.clock.now();
    const stop = this.#terms.proxy.observe({
      statement: (statement) => this.#saw(statement),
      answered: (statement, answer) => this.#answered(statement, answer),
    });
    try {
      await this.#play(held, other);
    } finally {
      this.#release();
      stop();
    }
  }

  async #play(held: Work, other: Work): Promise<void> {
    const reached = new Promise<"reached">((resolve) => {
      this.#reached = () => resolve("reached");
    });
    const whole = this.#run(held, this.#heldLane);
    const came = await Promise.race([reached, whole.then(() => "ended" as const)]);
    if (came === "ended") {
      this.#end(undefined, "its statements were others this time: the one to hold it before did not come");
      await this.#run(other, this.#otherLane);
      return;
    }
    const over = new AbortController();
    const waited = this.#waited(over.signal);
    const rest = this.#run(other, this.#otherLane);
    const finished = rest.then(() => "finished" as const);
    const judged = Promise.race([finished, waited, this.#limit(over.signal)])
      .then((outcome) => this.#judge(outcome))
      .finally(() => {
        over.abort();
        this.#phase = "released";
        this.#release();
      });
    // Neither is left behind, whatever became of the other.
    for (const one of await Promise.allSettled([judged, whole, rest]))
      if (one.status === "rejected") throw one.reason;
  }

  async #run(work: Work, lane: Lane): Promise<void> {
    this.#running.add(lane);
    try {
      await work.request();
    } finally {
      this.#running.delete(lane);
    }
    this.#step({ lane, does: "finished" });
    await work.afterwards?.();
  }

  /** Resolves once the other waits for what the held one has. */
  async #waited(signal: AbortSignal): Promise<{ readonly lock: string }> {
    const { clock, side } = this.#terms;
    while (!signal.aborted) {
      if (this.#otherPids.size > 0) {
        const lock = waitsFor(await side.lockWaits(), this.#otherPids, this.#holderPids);
        if (lock !== undefined && !signal.aborted) return { lock };
      }
      await clock.sleep(ASK_EVERY_MS);
    }
    return new Promise(() => {});
  }

  async #limit(signal: AbortSignal): Promise<"limit"> {
    await this.#terms.clock.sleep(this.#terms.holdLimitMs, signal).catch(() => {});
    return "limit";
  }

  #judge(outcome: "finished" | "limit" | { readonly lock: string }): void {
    const { holdLimitMs } = this.#terms;
    if (typeof outcome === "object") {
      this.#step({ lane: this.#otherLane, does: "waits", lock: outcome.lock });
      this.#end("blocked");
    } else if (!this.#otherWorked)
      this.#end(
        undefined,
        outcome === "finished"
          ? "the other request was answered without a statement of its own while the first was held"
          : `the other request reached no statement within ${holdLimitMs} ms while the first was held: ` +
              "one thread or one connection for both?",
      );
    else if (outcome === "finished") this.#end("finished");
    else
      this.#end(
        undefined,
        `the other request neither finished nor waited for a lock of the first within ${holdLimitMs} ms`,
      );
    this.#step({ lane: this.#heldLane, does: "released" });
  }

  #end(other: Realisation["other"], reason?: string): void {
    this.#result = {
      preemption: this.#preemption,
      realised: other !== undefined,
      ...(reason === undefined ? {} : { reason }),
      ...(other === undefined ? {} : { other }),
      steps: this.#steps,
      diverged: [...this.#held.diverged, ...this.#other.diverged],
    };
  }

  #saw(statement: Statement): Promise<void> | undefined {
    const { text, fingerprint, kind } = this.#terms.analyser.analyse(statement.text);
    if (this.#phase === "alone") return this.#sawHeld(statement, fingerprint, text);
    const lane = this.#laneOf(statement);
    if (this.#phase === "held" && this.#running.has(lane)) {
      if (this.#other.accept(fingerprint, text) !== undefined) {
        if (!SETS_THE_SCENE.has(kind)) this.#otherWorked = true;
        this.#otherPids.add(statement.connection.pid);
        this.#lanes.set(statement.connection.id, lane);
      }
    }
    if (this.#running.has(lane)) this.#stepFor(statement, lane, text);
    return undefined;
  }

  #sawHeld(statement: Statement, fingerprint: string, text: string): Promise<void> | undefined {
    if (!this.#running.has(this.#heldLane)) return undefined;
    const index = this.#held.accept(fingerprint, text);
    if (index !== this.#preemption.before) {
      this.#stepFor(statement, this.#heldLane, text);
      if (statement.before !== "idle") this.#holderPids.add(statement.connection.pid);
      return undefined;
    }
    this.#holder = statement;
    this.#holderPids.add(statement.connection.pid);
    this.#lanes.set(statement.connection.id, this.#heldLane);
    this.#phase = "held";
    this.#step({ lane: this.#heldLane, does: "held", text, connection: statement.connection.id });
    const hold = new Promise<void>((resolve) => {
      this.#release = () => {
        if (this.#holder) this.#stepFor(statement, this.#heldLane, text);
        this.#holder = undefined;
        resolve();
      };
    });
    this.#reached();
    return hold;
  }

  #laneOf({ connection }: Statement): Lane {
    const known = this.#lanes.get(connection.id);
    if (known && this.#running.has(known)) return known;
    // While one is held its own connection is silent: whatever speaks is the other's.
    if (this.#phase === "held") return this.#otherLane;
    return this.#running.has(this.#heldLane) ? this.#heldLane : this.#otherLane;
  }

  #stepFor(statement: Statement, lane: Lane, text: string): void {
    const { connection, before } = statement;
    const step = this.#step({ lane, does: "statement", text, connection: connection.id });
    if (before !== "idle") step.inTransaction = true;
    this.#stepOf.set(statement, step);
  }

  #step(step: Omit<Step, "at">): Step {
    const at = Math.round((this.#terms.clock.now() - this.#started) * 10) / 10;
    const whole: Step = { ...step, at };
    this.#steps.push(whole);
    return whole;
  }

  #answered(statement: Statement, answer: Answer): void {
    const step = this.#stepOf.get(statement);
    if (step) Object.assign(step, answer);
  }
}
