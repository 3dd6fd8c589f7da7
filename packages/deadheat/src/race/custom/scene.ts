import type { Cleanup } from "../../findings/report.ts";
import type { CleanUpStep, CustomStep } from "../../plan/custom.ts";
import { variablesIn } from "../../plan/template.ts";
import { type Exchange, type HttpRequest, succeeded } from "../exchange.ts";
import { Inventory } from "../inventory.ts";
import type { Token } from "../token.ts";
import type { CustomContext } from "./context.ts";
import { locationOf, unlessLater } from "./left-behind.ts";
import type { People } from "./people.ts";
import { stateText } from "./shown.ts";
import { extractedFrom, requestOf, StepFailed, unmatched, type Values, wordsOf } from "./step.ts";

/** What was set up for one trial: principals, objects, and how they are taken away again. */
export class Scene {
  readonly values: Values;
  /** What the answers of the race held, each with names of its own: several orders may have been made. */
  readonly found: Values[] = [];
  readonly #context: CustomContext;
  readonly #people: People;
  /** What the API says it made, by `Location` (RFC 9110 §10.2.2), and by which step. */
  readonly #made: { readonly step: CustomStep; readonly path: string }[] = [];

  constructor(context: CustomContext) {
    this.#context = context;
    this.#people = context.cast.begin();
    const { race, variables } = context;
    this.values = new Map<string, unknown>([["unique", race.unique()], ["uuid", race.uuid()], ...variables]);
  }

  async tokenFor({ as, token }: CustomStep): Promise<Token | undefined> {
    return as === undefined ? undefined : this.#people.token(as, token);
  }

  async request(step: CustomStep): Promise<HttpRequest> {
    return requestOf(step, this.values, await this.tokenFor(step));
  }

  /** One call that has to be answered 2xx. Throws StepFailed. */
  async perform(step: CustomStep): Promise<Exchange> {
    const exchange = await this.#context.race.session.sendPatiently(await this.request(step));
    if (succeeded(exchange)) return exchange;
    throw new StepFailed(step.place, `${wordsOf(step)} answered ${exchange.status ?? exchange.failure}`);
  }

  async setUp(): Promise<void> {
    for (const step of this.#context.scenario.setUp) {
      const exchange = await this.perform(step);
      const path = locationOf(exchange, this.#context.race.target.origin);
      if (path !== undefined) this.#made.push({ step, path });
      const found = extractedFrom(step, exchange);
      for (const name of Object.keys(step.extract)) {
        if (!Object.hasOwn(found, name)) throw unmatched(step, name, exchange);
        this.values.set(name, found[name]);
      }
    }
  }

  /** Takes away what was made, as the clean-up steps say. Returns what could not be. */
  async clear(): Promise<Cleanup["left"]> {
    const { race, open, cleared } = this.#context;
    open.delete(this);
    const creations = [...this.#creations()].reverse();
    // Interrupted or without a budget it is done at the end of the run, over a session of its own.
    const isLate = race.signal.aborted || race.budget.limit - race.budget.spent < creations.length;
    const inventory = isLate ? race.inventory : new Inventory();
    for (const one of creations) inventory.add(one);
    if (isLate) return [];
    await inventory.clear((request) => unlessLater(race, request));
    cleared.push(inventory.cleanup);
    return inventory.cleanup.left;
  }

  /**
   * Where the scenario's clean-up does not work: deletes what the set-up was told to have made. Returns what is
   * there still, in words.
   */
  async withdraw(): Promise<readonly string[]> {
    const kept = new Set(this.#context.scenario.setUp);
    for (const { step, path } of [...this.#made].reverse()) {
      const token = await this.tokenFor(step);
      const request = { method: "DELETE", path, headers: { ...token?.headers } };
      const { status = 0 } = await unlessLater(this.#context.race, request);
      if (status < 300 || status === 404 || status === 410) kept.delete(step);
    }
    return [...kept].filter(({ request }) => request.method === "POST").map((step) => this.#told(step));
  }

  /** `POST /items: item = 7`. */
  #told(step: CustomStep): string {
    const extracted = Object.keys(step.extract).filter((name) => this.values.has(name));
    const state = Object.fromEntries(extracted.map((name) => [name, this.values.get(name)]));
    return extracted.length === 0 ? wordsOf(step) : `${wordsOf(step)}: ${stateText(this.#context, state)}`;
  }

  *#creations() {
    const { cleanUp } = this.#context.scenario;
    // To take something away as somebody who never came would make that principal first.
    for (const step of cleanUp.filter(({ as }) => as === undefined || this.#people.has(as)))
      for (const values of this.#casesOf(step)) {
        const removals = () => this.#removal(step, values);
        yield { by: `${step.place}: ${wordsOf(step)}`, removals };
      }
    const removed = cleanUp.map((step) => step.removes);
    for (const { name, by } of this.#people.registered()) if (!removed.includes(name)) yield { by };
  }

  async *#removal(step: CleanUpStep, values: Values): AsyncGenerator<HttpRequest> {
    yield requestOf(step, values, await this.tokenFor(step));
  }

  /** Once for each answer that holds what the step names; not at all where the set-up did not get so far. */
  #casesOf(step: CleanUpStep): Values[] {
    const names = variablesIn(step.request);
    const inAnswers = names.filter((name) =>
      this.#context.scenario.concurrent.some((one) => Object.hasOwn(one.extract, name)),
    );
    const cases =
      inAnswers.length === 0 ? [this.values] : this.found.map((one) => new Map([...this.values, ...one]));
    return cases.filter((values) => names.every((name) => values.has(name)));
  }
}

/** A scene that is ready for a trial; where it cannot be set up, what was made by then is taken away. */
export async function openScene(context: CustomContext): Promise<Scene> {
  const scene = new Scene(context);
  context.open.add(scene);
  try {
    // Everybody is there before the first call, so that no request of the race has to wait for a login.
    for (const step of [
      ...context.scenario.setUp,
      ...context.scenario.concurrent,
      ...context.scenario.observe,
    ])
      await scene.tokenFor(step);
    await scene.setUp();
    return scene;
  } catch (error) {
    await scene.clear();
    throw error;
  }
}
