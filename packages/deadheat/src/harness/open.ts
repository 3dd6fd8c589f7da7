import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Finished, run, type Service, serve } from "./child.ts";
import type { HarnessConfig } from "./config.ts";
import { copyProject } from "./copy.ts";
import { type MadeUp, madeUpValue, missingVariable } from "./environment.ts";
import { type Step, StepFailed } from "./failure.ts";
import { findInterpreter, type Interpreter } from "./interpreter.ts";
import { answerIn, type Introspection, type MadeUser } from "./introspection.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { PREPARE, STEP } from "./scripts/routes.ts";
import { ROWS } from "./scripts/rows.ts";
import { SETTINGS, WSGI } from "./scripts/settings.ts";
import { USERS } from "./scripts/users.ts";
import { type RunningServer, startServer } from "./server.ts";
import type { World } from "./world.ts";

const SETUP_MS = 60_000;
const PREPARE_MS = 300_000;
const TESTS_MS = 600_000;
const MOST_MADE_UP = 40;
const SHOWN_LINES = 12;
/** A service that ends within it has not started. */
const SERVICE_MS = 500;

export interface OpenOptions {
  /** Folder that the user named. */
  readonly root: string;
  /** Of its copy, and of its database: `original`, `fixed`. */
  readonly name: string;
  readonly world: World;
  readonly config: HarnessConfig;
  readonly signal: AbortSignal;
  readonly onStep?: (step: Step, text: string) => void;
}

export interface TestRun {
  readonly command: string;
  readonly passed: boolean;
  /** The last lines of what it said. */
  readonly lines: readonly string[];
}

/** A project that can be started: its copy, its interpreter, its database with tables in it. */
export interface OpenedProject {
  readonly layout: Layout;
  /** The copy that is run, as a whole. */
  readonly folder: string;
  readonly interpreter: Interpreter;
  readonly introspection: Introspection;
  /** Environment variables that nobody had set. */
  readonly madeUp: readonly MadeUp[];
  /** What was done otherwise than the project would have it. */
  readonly notes: readonly string[];
  readonly databaseUrl: string;
  /** Runs `prove.tests`, each to its end. */
  runTests(): Promise<readonly TestRun[]>;
  /** Runs the script that makes users; it is for the caller to have asked. */
  makeUsers(count: number): Promise<readonly MadeUser[]>;
  /** `databasePort`: of the proxy before the database. `rows`: with the route that makes rows. */
  serve(databasePort: number, options?: { readonly rows: boolean }): Promise<RunningServer>;
  stop(): Promise<void>;
}

/** Copies a project and gets it ready. Throws StepFailed, and whatever `signal` is aborted with. */
export async function openProject(options: OpenOptions): Promise<OpenedProject> {
  const { root, name, world, config, signal, onStep = () => {} } = options;
  const layout = layoutOf(root, config.settings === undefined ? {} : { settings: config.settings });
  const interpreter = await findInterpreter(root, layout.app, signal, config.python);
  onStep("python", `Python ${interpreter.version}, Django ${interpreter.django} (${interpreter.source})`);
  const folder = join(world.home, name);
  await copyProject(root, folder);
  const made = join(world.home, `${name}-deadheat`);
  await mkdir(made);
  const files = {
    "deadheat_settings.py": SETTINGS,
    "deadheat_wsgi.py": WSGI,
    "deadheat_prepare.py": PREPARE,
    "deadheat_users.py": USERS,
    "deadheat_rows.py": ROWS,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(made, file), text);
  const databaseUrl = await world.postgres.database(`deadheat_${name}`);
  onStep("database", `PostgreSQL ${world.postgres.version}`);
  const site = new Site(options, layout, interpreter, folder, made, databaseUrl);
  try {
    await site.startServices();
    const introspection = await site.prepare();
    await site.runBefore();
    return {
      layout,
      folder,
      interpreter,
      introspection,
      madeUp: site.madeUp,
      notes: site.notes,
      databaseUrl,
      runTests: () => site.runTests(),
      makeUsers: (count) => site.makeUsers(count),
      serve: (port, serving) => site.serve(port, serving?.rows === true),
      stop: () => site.stop(),
    };
  } catch (error) {
    await site.stop();
    throw error;
  }
}

/** One copy of a project and the way to run something in it. */
class Site {
  readonly madeUp: MadeUp[] = [];
  readonly notes: string[] = [];
  readonly #options: OpenOptions;
  readonly #interpreter: Interpreter;
  readonly #cwd: string;
  readonly #made: string;
  readonly #databaseUrl: string;
  readonly #services: Service[] = [];
  readonly #servers: RunningServer[] = [];
  readonly #env: Record<string, string>;

  constructor(
    options: OpenOptions,
    layout: Layout,
    interpreter: Interpreter,
    folder: string,
    made: string,
    databaseUrl: string,
  ) {
    this.#options = options;
    this.#interpreter = interpreter;
    this.#cwd = join(folder, layout.app);
    this.#made = made;
    this.#databaseUrl = databaseUrl;
    const { world, config } = options;
    this.#env = {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      HOME: world.home,
      LC_ALL: "C.UTF-8",
      DATABASE_URL: databaseUrl,
      ...config.env,
      PYTHONPATH: [made, this.#cwd, config.env?.PYTHONPATH].filter(Boolean).join(":"),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      DJANGO_SETTINGS_MODULE: "deadheat_settings",
      DEADHEAT_SETTINGS: layout.settings,
      DEADHEAT_DATABASE: databaseUrl,
      DEADHEAT_HOME: world.home,
      DEADHEAT_MAIL_PORT: String(world.mailPort),
      DEADHEAT_FIXTURES: JSON.stringify(config.fixtures ?? []),
      DEADHEAT_TABLES: config.tables ?? "migrations",
      DEADHEAT_OVERRIDES: JSON.stringify(config.overrides ?? {}),
    };
  }

  /**
   * Loads the project, makes its tables, reads its routes. Variables that it asks for are made up, one after the other;
   * where migrations fail, the tables come from the models.
   */
  async prepare(): Promise<Introspection> {
    for (let round = 0; ; round++) {
      const done = await this.python([join(this.#made, "deadheat_prepare.py")], PREPARE_MS);
      const found = answerIn<Introspection>(done.stdout);
      if (done.code === 0 && found) {
        this.tell("settings", this.#env.DEADHEAT_SETTINGS as string);
        this.tell("migrate", `tables from ${this.#env.DEADHEAT_TABLES}`);
        this.tell("routes", `${found.routes.length} routes`);
        return found;
      }
      const step =
        done.stdout
          .split("\n")
          .findLast((line) => line.startsWith(STEP))
          ?.slice(STEP.length) ?? "settings";
      if (step === "settings" && round < MOST_MADE_UP && this.makeUp(done)) continue;
      if (step === "migrate" && this.#env.DEADHEAT_TABLES !== "models") {
        await this.takeModels(done);
        continue;
      }
      throw this.failed(
        step as Step,
        FAILED[step] ?? "the project does not load",
        done,
        HINTS[step] ?? hintFor(done.lines),
      );
    }
  }

  /** False where it is not a variable that is missing. */
  private makeUp(done: Finished): boolean {
    const name = missingVariable(done.lines);
    if (name === undefined || this.#env[name] !== undefined) return false;
    const { value, as } = madeUpValue(name, this.#databaseUrl);
    this.#env[name] = value;
    this.madeUp.push({ name, as });
    return true;
  }

  private async takeModels(done: Finished): Promise<void> {
    await this.#options.world.postgres.database(new URL(this.#databaseUrl).pathname.slice(1));
    this.#env.DEADHEAT_TABLES = "models";
    this.notes.push(
      `the migrations failed (${lastOf(done)}); the tables were made from the models instead, without what migrations put into them`,
    );
  }

  /** Commands of the user's. */
  async runBefore(): Promise<void> {
    for (const command of this.#options.config.before ?? []) {
      const done = await run(this.shell(command), PREPARE_MS);
      if (done.code !== 0)
        throw this.failed("before", `${command} failed`, done, "Correct prove.before in deadheat.yaml.");
    }
  }

  async runTests(): Promise<readonly TestRun[]> {
    const runs: TestRun[] = [];
    for (const command of this.#options.config.tests ?? []) {
      const done = await run(this.shell(command), TESTS_MS);
      runs.push({ command, passed: done.code === 0, lines: this.shown(done) });
    }
    return runs;
  }

  async makeUsers(count: number): Promise<readonly MadeUser[]> {
    this.#env.DEADHEAT_USERS = String(count);
    const done = await this.python([join(this.#made, "deadheat_users.py")], SETUP_MS);
    const made = answerIn<MadeUser[]>(done.stdout);
    if (done.code !== 0 || !made)
      throw this.failed(
        "users",
        "no users could be made",
        done,
        "Say under principals how users sign in: docs/config.md.",
      );
    return made;
  }

  async serve(databasePort: number, rows: boolean): Promise<RunningServer> {
    const { config, signal } = this.#options;
    const server = await startServer({
      python: this.#interpreter.file,
      gunicorn: this.#interpreter.has.gunicorn,
      ...(config.command === undefined ? {} : { command: config.command }),
      cwd: this.#cwd,
      env: {
        ...this.#env,
        DEADHEAT_DATABASE_PORT: String(databasePort),
        ...(rows ? { DEADHEAT_ROWS: "1" } : {}),
      },
      signal,
    });
    this.#servers.push(server);
    this.tell("server", `${server.name} at ${server.url}`);
    return server;
  }

  async startServices(): Promise<void> {
    for (const command of this.#options.config.services ?? []) {
      const service = serve(this.shell(command));
      this.#services.push(service);
      const early = await Promise.race([service.gone, sleep(SERVICE_MS, undefined)]);
      if (early !== undefined)
        throw new StepFailed(
          "services",
          `${command} ended (${early})`,
          service.lines.slice(-SHOWN_LINES),
          "Correct prove.services in deadheat.yaml.",
        );
      this.tell("services", command);
    }
  }

  async stop(): Promise<void> {
    for (const one of [...this.#servers.splice(0).reverse(), ...this.#services.splice(0).reverse()])
      await one.stop();
  }

  private python(args: readonly string[], limitMs: number): Promise<Finished> {
    return run({ ...this.place(), file: this.#interpreter.file, args }, limitMs);
  }

  private shell(command: string) {
    return { ...this.place(), file: "/bin/sh", args: ["-c", command] };
  }

  private place() {
    return { cwd: this.#cwd, env: { ...this.#env }, signal: this.#options.signal };
  }

  private tell(step: Step, text: string): void {
    this.#options.onStep?.(step, text);
  }

  /** Nothing that was made up for the throw-away world is worth hiding, but passwords look bad in any log. */
  private failed(step: Step, message: string, done: Finished, hint: string): StepFailed {
    return new StepFailed(step, `${message} (${done.code})`, this.shown(done), hint);
  }

  private shown({ lines }: Finished): string[] {
    const { password } = new URL(this.#databaseUrl);
    return lines
      .slice(-SHOWN_LINES)
      .map((line) => line.replaceAll(password, "***").replaceAll(this.#options.world.home, ""));
  }
}

const FAILED: Readonly<Record<string, string>> = {
  migrate: "its tables cannot be made",
  fixtures: "manage.py loaddata failed",
  routes: "its routes cannot be read",
};
const HINTS: Readonly<Record<string, string>> = {
  migrate:
    "Correct the models; prove: { overrides: { INSTALLED_APPS: […] } } leaves out an application that needs more than PostgreSQL.",
  fixtures: "Correct prove.fixtures in deadheat.yaml.",
};

/** The exception, which PostgreSQL follows up with where in the statement it was. */
function lastOf({ lines, code }: Finished): string {
  const isTold = (line: string) => /^[A-Za-z_][\w.]*(Error|Exception|Exists|NotExist)\b/.test(line);
  return lines.findLast(isTold) ?? lines.findLast((line) => line.trim() !== "") ?? String(code);
}

function hintFor(lines: readonly string[]): string {
  const text = lines.join("\n");
  const module = /No module named ['"]([\w.]+)['"]/.exec(text)?.[1];
  if (module !== undefined)
    return `Install ${module} where ${"prove: { python: … }"} points to, or take it out with prove: { settings: … } or prove: { overrides: … }.`;
  const variable = missingVariable(lines);
  if (variable !== undefined) return `prove: { env: { ${variable}: a value that the project accepts } }`;
  return "prove: { settings: …, env: { NAME: value }, overrides: { SETTING: value } } in deadheat.yaml; docs/prove.md tells them.";
}
