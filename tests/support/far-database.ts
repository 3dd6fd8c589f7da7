import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface FarDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** The same database as if it were on another machine: what is sent arrives later, in order, each way by so many ms. */
export async function farDatabase(url: string, milliseconds: number): Promise<FarDatabase> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const later = (from: Socket, to: Socket) => {
    open.add(from);
    from.on("data", (chunk) => setTimeout(() => to.writable && to.write(chunk), milliseconds));
    from.on("error", () => to.destroy());
    from.on("end", () => setTimeout(() => to.end(), milliseconds));
    from.on("close", () => {
      open.delete(from);
      setTimeout(() => to.destroy(), milliseconds);
    });
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    later(near, far);
    later(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const moved = new URL(url);
  moved.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: String(moved),
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
