import { connect, type Socket } from "node:net";

export function openTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return ready(connect({ host, port }), "connect", signal);
}

/**
 * Resolves with the socket at that event. Rejects with what ended it before; an aborted signal ends it. Whoever has it
 * from then on need not listen at once: an error that nobody takes would end the process.
 */
export function ready<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const interrupted = () => socket.destroy(signal.reason);
    const fail = (cause: Error) => {
      settled();
      socket.destroy();
      reject(cause);
    };
    const closed = () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }));
    const settled = () => {
      signal.removeEventListener("abort", interrupted);
      socket.off("error", fail);
      socket.off("close", closed);
    };
    signal.addEventListener("abort", interrupted, { once: true });
    socket.on("error", () => {});
    socket.once("error", fail);
    socket.once("close", closed);
    socket.once(event, () => {
      settled();
      resolve(socket);
    });
  });
}
