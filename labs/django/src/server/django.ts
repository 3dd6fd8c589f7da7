import { fileURLToPath } from "node:url";
import type { LabSwitches } from "../options.ts";
import { type Server, startServer } from "./child.ts";
import { freePort } from "./port.ts";

/** The application; `LAB_APP` names a copy of it, a fixed one for example. */
export const APP = process.env.LAB_APP ?? fileURLToPath(new URL("../../app", import.meta.url));
const READY_MS = 30_000;

/** gunicorn or uvicorn, on a port of the loopback interface that the system chooses where it is 0. */
export async function startDjango(
  switches: LabSwitches,
  port: number,
  env: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<{ readonly server: Server; readonly port: number }> {
  // uvicorn's workers share a port only where it is named; should it be taken in between, uvicorn says so.
  const wanted = port === 0 && switches.server === "uvicorn" ? await freePort() : port;
  const { module, args, ready, stopSignal } =
    switches.server === "gunicorn" ? gunicorn(switches, wanted) : uvicorn(switches, wanted);
  const server = startServer({
    ...{ file: switches.python, args: ["-m", module, ...args], cwd: APP, env, stopSignal, log },
  });
  try {
    const [, bound] = await server.said(ready, READY_MS);
    return { server, port: Number(bound) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function gunicorn({ workers, threads }: LabSwitches, port: number) {
  return {
    module: "gunicorn",
    args: [
      ...["lab.wsgi:application", "--bind", `127.0.0.1:${port}`],
      // More than one thread makes gunicorn choose its threaded worker by itself; one leaves it the plain one.
      ...["--workers", String(workers), "--threads", String(threads), "--preload"],
    ],
    ready: /Listening at: http:\/\/127\.0\.0\.1:(\d+)/,
    stopSignal: "SIGQUIT" as const,
  };
}

function uvicorn({ workers }: LabSwitches, port: number) {
  return {
    module: "uvicorn",
    args: [
      ...["lab.asgi:application", "--host", "127.0.0.1", "--port", String(port)],
      ...["--workers", String(workers), "--lifespan", "off", "--no-access-log"],
    ],
    ready: /Uvicorn running on http:\/\/127\.0\.0\.1:(\d+)/,
    stopSignal: "SIGTERM" as const,
  };
}
