import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { LabError } from "../errors.ts";

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  return listen(0);
}

/** Throws where somebody listens on the port already: before the seconds that a start takes. */
export async function mustBeFree(port: number): Promise<void> {
  if (port === 0) return;
  try {
    await listen(port);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "EACCES" ? "may not be used without root's rights" : "is taken";
    throw new LabError("port-taken", `port ${port} ${why}`, { cause });
  }
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === "object" ? address.port : port));
    });
  });
}

/** Whether somebody accepts connections before the process that should has ended or the time is up. */
export async function waitForPort(port: number, gone: Promise<unknown>, limitMs: number): Promise<boolean> {
  let over = false;
  gone.then(() => {
    over = true;
  });
  const end = performance.now() + limitMs;
  while (!over && performance.now() < end) {
    if (await accepts(port)) {
      // Whoever failed to bind it ends within this time, and the port is somebody else's.
      await sleep(50);
      return !over;
    }
    await sleep(20);
  }
  return false;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
