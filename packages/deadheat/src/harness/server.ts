import { setTimeout as sleep } from "node:timers/promises";
import { type Service, serve } from "./child.ts";
import { StepFailed } from "./failure.ts";
import { freePort } from "./port.ts";

const READY_MS = 60_000;
const WORKERS = 2;
const THREADS = 8;

export interface ServerOptions {
  readonly python: string;
  readonly gunicorn: boolean;
  /** In place of gunicorn; listens on 127.0.0.1:$PORT. */
  readonly command?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface RunningServer {
  readonly url: string;
  /** `gunicorn 2 × 8` */
  readonly name: string;
  /** Its last lines. */
  readonly lines: readonly string[];
  /** Exceptions that it has told of, the commonest first, each with how often. */
  errors(): readonly string[];
  stop(): Promise<void>;
}

/** gunicorn with several threads, the user's own command, or Django's threaded server where there is no gunicorn. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { signal, cwd, command } = options;
  const port = await freePort();
  const env = { ...options.env, PORT: String(port) };
  const { file, args, name } = commandFor(options, port);
  const service = serve({ file, args, cwd, env, signal }, command === undefined ? "SIGQUIT" : "SIGTERM");
  const url = `http://127.0.0.1:${port}`;
  const exceptions = new Exceptions();
  service.onLine((line) => exceptions.read(line));
  try {
    await answers(url, service, signal);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url, name, lines: service.lines, errors: () => exceptions.told(), stop: () => service.stop() };
}

const MOST_ERRORS = 8;
const LONGEST = 200;

/** The last line of each traceback: `django.db.utils.IntegrityError: null value in column "role" …`. */
export class Exceptions {
  readonly #counts = new Map<string, number>();
  #inTraceback = false;

  read(line: string): void {
    if (line.startsWith("Traceback (most recent call last)")) this.#inTraceback = true;
    else if (this.#inTraceback && /^[\w.]+(:|$)/.test(line)) {
      this.#inTraceback = false;
      // Values of the scan's own are different each time.
      const name = line.slice(0, LONGEST).replace(/\bdh\w{6,}/g, "…");
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  told(): string[] {
    return [...this.#counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_ERRORS)
      .map(([name, count]) => `${count} × ${name}`);
  }
}

function commandFor({ python, gunicorn, command }: ServerOptions, port: number) {
  if (command !== undefined) return { file: "/bin/sh", args: ["-c", `exec ${command}`], name: command };
  if (!gunicorn)
    return {
      file: python,
      args: ["-m", "django", "runserver", "--noreload", `127.0.0.1:${port}`],
      name: "Django's own server (there is no gunicorn)",
    };
  return {
    file: python,
    args: [
      ...["-m", "gunicorn", "deadheat_wsgi:application", "--bind", `127.0.0.1:${port}`],
      ...["--workers", String(WORKERS), "--threads", String(THREADS), "--timeout", "120"],
    ],
    name: `gunicorn ${WORKERS} × ${THREADS}`,
  };
}

/** Whatever it answers: that it does is enough. */
async function answers(url: string, service: Service, signal: AbortSignal): Promise<void> {
  const end = performance.now() + READY_MS;
  let ended: string | undefined;
  void service.gone.then((how) => {
    ended = how;
  });
  for (;;) {
    signal.throwIfAborted();
    if (ended !== undefined) throw failed(`the server ended (${ended})`, service);
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "manual" });
      await answer.arrayBuffer();
      return;
    } catch {
      if (performance.now() > end) throw failed("the server does not answer", service);
    }
    await sleep(100);
  }
}

function failed(message: string, service: Service): StepFailed {
  return new StepFailed(
    "server",
    message,
    service.lines.slice(-12),
    "prove: { command: … } starts it otherwise; it has to listen on 127.0.0.1:$PORT.",
  );
}
