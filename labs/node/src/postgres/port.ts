import { createServer } from "node:net";

/**
 * A TCP port of the loopback interface that was free a moment ago. Somebody else may take it before
 * it is used, so the caller must be ready to ask again.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("the system gave no TCP port"));
      });
    });
  });
}
