import { jsonpath } from "json-p3";
import type { Clock } from "../clock.ts";
import type { RecipeStep, RequestTemplate, Secret } from "../plan/credential.ts";
import { fillTemplate, variablesIn } from "../plan/template.ts";
import { SetupFailed } from "./credentials/credentials.ts";
import type { Exchange, HttpRequest } from "./exchange.ts";
import { succeeded } from "./exchange.ts";
import type { Session } from "./session.ts";

/** Where codes that an API sends by mail are read. */
export interface CodeSource {
  /** The code in the mail to `address` that came at `after` or later, ms; `undefined` where none comes in time. */
  codeFor(address: string, timeoutMs: number, after: number): Promise<string | undefined>;
}

/** A recipe of the user's did not do what it says: wrong user or password, or a JSONPath that matches nothing. */
export class RecipeFailed extends SetupFailed {
  readonly problem: "refused" | "unmatched" | "unfilled" | "no-mail";
  /** What was answered instead, where a call was refused. */
  readonly answer?: Exchange;
  constructor(problem: RecipeFailed["problem"], message: string, answer?: Exchange) {
    super(message);
    this.problem = problem;
    if (answer) this.answer = answer;
  }
}

export type Variables = Map<string, string>;

const MAIL_WITHIN_MS = 10_000;

/** Runs the steps of a recipe, one at a time. What they extract is added to the variables. */
export class RecipeRunner {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #elsewhere: (origin: string) => Promise<Session>;
  readonly #mail: CodeSource | undefined;

  /** `elsewhere` gives the session for another origin than the target's, or throws where that may not be called. */
  constructor(options: {
    readonly session: Session;
    readonly clock: Clock;
    readonly elsewhere: (origin: string) => Promise<Session>;
    readonly mail?: CodeSource | undefined;
  }) {
    this.#session = options.session;
    this.#clock = options.clock;
    this.#elsewhere = options.elsewhere;
    this.#mail = options.mail;
  }

  /** Returns the last answer. Throws RecipeFailed. */
  async run(steps: readonly RecipeStep[], variables: Variables): Promise<Exchange | undefined> {
    let answer: Exchange | undefined;
    let sent = this.#clock.now();
    for (const step of steps) {
      // The step before it is the one that had the mail sent.
      await this.#readMail(step, variables, sent);
      const request = filled(step.request, variables);
      const { origin } = request;
      const session = origin === undefined ? this.#session : await this.#elsewhere(origin);
      sent = this.#clock.now();
      answer = await session.sendPatiently(request);
      const name = `${request.method} ${step.request.path}`;
      if (!succeeded(answer))
        throw new RecipeFailed("refused", `${name} answered ${answer.status ?? answer.failure}`, answer);
      for (const [variable, path] of Object.entries(step.extract)) {
        const value = scalarAt(answer, path);
        if (value !== undefined) variables.set(variable, value);
        else if (!step.optional?.includes(variable)) throw unmatched(answer, path, name);
      }
    }
    return answer;
  }

  /** Sends one request of a recipe to wherever it goes, once. */
  async send(request: HttpRequest): Promise<Exchange> {
    const { origin } = request;
    return (origin === undefined ? this.#session : await this.#elsewhere(origin)).send(request);
  }

  /** The code in the mail to `address` that a call made at `after` (monotonic ms) had sent. Throws RecipeFailed. */
  async mailedCode(address: string, after: number): Promise<string> {
    const code = await this.#mail?.codeFor(address, MAIL_WITHIN_MS, after);
    if (code !== undefined) return code;
    const reason = this.#mail
      ? `no mail with a code came within ${MAIL_WITHIN_MS / 1000} s`
      : "a code is sent by mail: write under mail in deadheat.yaml where it is read";
    throw new RecipeFailed("no-mail", reason);
  }

  async #readMail(step: RecipeStep, variables: Variables, after: number): Promise<void> {
    if (!variablesIn(step.request).includes("mail.code")) return;
    const address = variables.get("email") ?? variables.get("username") ?? "";
    variables.set("mail.code", await this.mailedCode(address, after));
  }
}

/** The values of those secrets that the steps use. Rejects with the DeadheatError of a secret that cannot be had. */
export async function secretsFor(
  secrets: Readonly<Record<string, Secret>>,
  used: unknown,
): Promise<[string, string][]> {
  const values: [string, string][] = [];
  const names = variablesIn(used);
  // The mail with the code goes to the address, whether or not a request names it.
  const addressed = names.includes("mail.code") ? ["email", "username"] : [];
  for (const name of new Set([...names, ...addressed])) {
    const secret = secrets[name];
    if (secret && Object.hasOwn(secrets, name)) values.push([name, await secret()]);
  }
  return values;
}

/** A step that is sent with a token; what the recipe says itself goes first. */
export function underToken(step: RecipeStep, headers: HttpRequest["headers"]): RecipeStep {
  return { ...step, request: { ...step.request, headers: { ...headers, ...step.request.headers } } };
}

export function filled(template: RequestTemplate, variables: ReadonlyMap<string, string>): HttpRequest {
  const result = fillTemplate(template, (name) => variables.get(name));
  if ("problem" in result)
    throw new RecipeFailed("unfilled", `${template.method} ${template.path}: ${result.problem}`);
  const { method, origin, path, headers, json, form } = result.request;
  const body =
    json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : undefined;
  const type = json !== undefined ? "application/json" : "application/x-www-form-urlencoded";
  return {
    method,
    ...(origin === undefined ? {} : { origin }),
    path,
    headers: {
      accept: "application/json, */*;q=0.5",
      ...(body === undefined ? {} : { "content-type": type }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    ...(body === undefined ? {} : { body }),
  };
}

function scalarAt(answer: Exchange, path: string): string | undefined {
  const [value] = answer.body === undefined ? [] : jsonpath.query(path, answer.body as never).values();
  const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return scalar ? String(value) : undefined;
}

/** Only the names of what is there are told: values may be secret. */
function unmatched({ body }: Exchange, path: string, name: string): RecipeFailed {
  const keys =
    typeof body === "object" && body !== null ? Object.keys(body).slice(0, 8).join(", ") : "no JSON object";
  return new RecipeFailed("unmatched", `${path} matches nothing in the answer of ${name} (it has: ${keys})`);
}
