import { createServer } from "node:net";
import { LabError } from "../errors.ts";

/** Throws an error that a user can act on, where `port` cannot be listened at. */
export async function listenable(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, "127.0.0.1", resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new LabError("port-in-use", `port ${port} of 127.0.0.1 is in use`, { cause: error });
    }
    if (code === "EACCES") {
      throw new LabError("port-forbidden", `port ${port} of 127.0.0.1 is not yours to use`, { cause: error });
    }
    throw error;
  }
  await new Promise((resolve) => probe.close(resolve));
}
