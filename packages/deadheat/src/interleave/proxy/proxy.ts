import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { DeadheatError } from "../../errors.ts";
import { cancelRequest } from "../wire/startup.ts";
import { resolveUpstream, type Upstream } from "./address.ts";
import type { Observer } from "./observer.ts";
import type { ServerKey } from "./responses.ts";
import { Session } from "./session.ts";
import { connectUpstream } from "./upstream.ts";

export interface ProxyOptions {
  /** Connection URI of the API's database. */
  readonly database: string;
  /** Servers beyond this machine that may be connected to, as `host:port`. */
  readonly allow?: readonly string[];
  /** On 127.0.0.1; 0 for a free one. */
  readonly port?: number;
  /** What a user should know of: a client that wants TLS, a server that cannot be reached. */
  readonly onNotice?: (text: string) => void;
}

/** Stands between an API and its PostgreSQL server. When it ends, so do its connections: nothing stays held. */
export class DatabaseProxy {
  readonly port: number;
  readonly upstream: Upstream;
  /** A client may have asked for an isolation level. */
  isolationSet = false;
  /** Names of the databases that clients asked for. */
  readonly databases = new Set<string>();
  readonly #server: Server;
  readonly #sessions = new Set<Session>();
  #opened = 0;
  #observer: Observer | undefined;
  readonly #keys = new Map<string, ServerKey>();

  private constructor(server: Server, upstream: Upstream, notice: (text: string) => void) {
    this.#server = server;
    this.upstream = upstream;
    this.port = (server.address() as AddressInfo).port;
    const terms = {
      upstream,
      notice,
      startup: (parameters: ReadonlyMap<string, string>) => {
        const name = parameters.get("database") ?? parameters.get("user");
        if (name !== undefined) this.databases.add(name);
        if (/isolation/.test(parameters.get("options") ?? "")) this.isolationSet = true;
      },
      isolationSet: () => {
        this.isolationSet = true;
      },
      observer: () => this.#observer,
      cancel: (pid: number, secret: Buffer) => this.#cancel(pid, secret),
      keep: (given: Buffer, real: ServerKey) => this.#keep(given, real),
    };
    server.on("connection", (client) => {
      const session = new Session(++this.#opened, client, terms);
      this.#sessions.add(session);
      client.once("close", () => this.#sessions.delete(session));
    });
  }

  /** Throws DeadheatError where the URL is wrong, the server not allowed or the port taken. */
  static async open({
    database,
    allow,
    port = 0,
    onNotice = () => {},
  }: ProxyOptions): Promise<DatabaseProxy> {
    const upstream = await resolveUpstream(database, allow);
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen({ host: "127.0.0.1", port });
    try {
      await once(server, "listening");
    } catch (cause) {
      const hint = "Give another one, or leave it out.";
      throw new DeadheatError("usage", `--proxy-port ${port}: cannot be listened on`, hint, cause);
    }
    return new DatabaseProxy(server, upstream, onNotice);
  }

  /** What to give to the API in place of its own database URL; the password stays out of it. */
  get address(): string {
    const { user, database } = this.upstream;
    const name = database === undefined ? "" : `/${encodeURIComponent(database)}`;
    return `postgres://${user === undefined ? "" : `${encodeURIComponent(user)}@`}127.0.0.1:${this.port}${name}`;
  }

  /** Connections that were opened so far. */
  get opened(): number {
    return this.#opened;
  }

  /** Looks at every statement until the given function is called; one observer at a time. */
  observe(observer: Observer): () => void {
    if (this.#observer) throw new Error("somebody is looking already");
    this.#observer = observer;
    return () => {
      this.#observer = undefined;
      for (const session of this.#sessions) session.flush();
    };
  }

  #keep(given: Buffer, real: ServerKey): () => void {
    const name = `${real.pid} ${given.toString("hex")}`;
    this.#keys.set(name, real);
    return () => this.#keys.delete(name);
  }

  /** Nobody is told whether a key was known: the server does not tell either. */
  async #cancel(pid: number, secret: Buffer): Promise<void> {
    const real = this.#keys.get(`${pid} ${secret.toString("hex")}`);
    if (!real) return;
    const server = await connectUpstream(this.upstream).catch(() => undefined);
    if (!server) return;
    server.on("error", () => {});
    server.resume();
    // The server closes when it has passed the signal on.
    const closed = new Promise((resolve) => server.once("close", resolve));
    server.end(cancelRequest(real.pid, real.secret));
    await closed;
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) session.close();
    const closed = once(this.#server, "close");
    this.#server.close();
    await closed;
  }
}
