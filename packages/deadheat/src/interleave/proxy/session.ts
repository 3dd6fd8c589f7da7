import type { Socket } from "node:net";
import { errorResponse } from "../wire/messages.ts";
import { type Opening, readOpening } from "../wire/startup.ts";
import type { Upstream } from "./address.ts";
import { Answers } from "./answers.ts";
import type { Connection, Observer } from "./observer.ts";
import { Requests } from "./requests.ts";
import { Responses, type ServerKey } from "./responses.ts";
import { connectUpstream } from "./upstream.ts";

const NO = Buffer.from("N");
export const TLS_REFUSED =
  "a client wants TLS to the database: between the API and deadheat there is none; set sslmode=disable (or prefer) " +
  "in the API's database URL, and sslmode=require in --database where the server needs it";

/** What the connections of one proxy share. */
export interface SessionTerms {
  readonly upstream: Upstream;
  observer(): Observer | undefined;
  notice(text: string): void;
  /** What a client asks for when it connects. */
  startup(parameters: ReadonlyMap<string, string>): void;
  /** A transaction may have another isolation level than the usual one. */
  isolationSet(): void;
  cancel(pid: number, secret: Buffer): Promise<void>;
  /** Gives what forgets the key again. */
  keep(given: Buffer, real: ServerKey): () => void;
}

/** One client and the connection to the server that is opened for it. */
export class Session implements Connection {
  readonly id: number;
  pid = 0;
  readonly #terms: SessionTerms;
  readonly #client: Socket;
  #server: Socket | undefined;
  #requests: Requests | undefined;
  #forget: () => void = () => {};
  #said: Buffer = Buffer.alloc(0);
  #askedForTls = false;
  #opened = false;

  constructor(id: number, client: Socket, terms: SessionTerms) {
    this.id = id;
    this.#client = client;
    this.#terms = terms;
    client.setNoDelay(true);
    client.on("error", () => this.close());
    client.on("data", (chunk: Buffer) => this.#heard(chunk));
    client.on("end", () => (this.#server ? this.#server.end() : client.end()));
    client.on("close", () => {
      if (this.#askedForTls && !this.#opened) terms.notice(TLS_REFUSED);
      this.close();
    });
  }

  close(): void {
    this.#forget();
    this.#client.destroy();
    this.#server?.destroy();
  }

  /** Hands on what was kept back for somebody who looked. */
  flush(): void {
    this.#requests?.flush();
  }

  #heard(chunk: Buffer): void {
    if (this.#requests) {
      this.#requests.push(chunk);
      return;
    }
    this.#said = this.#said.length === 0 ? chunk : Buffer.concat([this.#said, chunk]);
    if (this.#opened) return;
    for (let opening = readOpening(this.#said); opening.kind !== "incomplete"; ) {
      if (!this.#open(opening)) return;
      opening = readOpening(this.#said);
    }
  }

  /** Whether another packet of this kind may follow. */
  #open(opening: Exclude<Opening, { kind: "incomplete" }>): boolean {
    if (opening.kind === "encryption") {
      this.#askedForTls = true;
      this.#client.write(NO);
      this.#said = this.#said.subarray(opening.bytes);
      return true;
    }
    this.#opened = true;
    if (opening.kind === "direct-tls") this.#terms.notice(TLS_REFUSED);
    if (opening.kind === "cancel")
      void this.#terms.cancel(opening.pid, opening.secret).finally(() => this.#client.end());
    else if (opening.kind === "startup") {
      this.#terms.startup(opening.parameters);
      void this.#connect();
    } else this.#client.destroy();
    return false;
  }

  async #connect(): Promise<void> {
    let server: Socket;
    try {
      server = await connectUpstream(this.#terms.upstream);
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      const text = `deadheat cannot reach the database: ${code ?? message}`;
      this.#client.end(errorResponse("08001", text, "Is it running? Is --database right?"));
      this.#terms.notice(text);
      return;
    }
    if (this.#client.destroyed) {
      server.destroy();
      return;
    }
    this.#server = server;
    server.on("error", () => this.close());
    server.on("close", () => this.close());
    // Both sides flow into each other, no faster than the slower one reads.
    this.#wire(server);
  }

  #wire(server: Socket): void {
    const client = this.#client;
    const { observer, upstream, keep, isolationSet } = this.#terms;
    let held = false;
    const answers = new Answers(observer, () => requests.names.transactionEnded());
    const requests = new Requests(
      this,
      {
        write: (bytes) => {
          if (!server.write(bytes)) client.pause();
        },
        pause: () => {
          held = true;
          client.pause();
        },
        resume: () => {
          held = false;
          client.resume();
        },
        isolationSet: () => isolationSet(),
      },
      answers,
      observer,
    );
    const responses = new Responses(
      {
        write: (bytes) => {
          if (!client.write(bytes)) server.pause();
        },
        key: (given, real) => {
          this.pid = real.pid;
          this.#forget = keep(given, real);
        },
      },
      answers,
      upstream.tls !== "off",
    );
    server.on("data", (chunk: Buffer) => responses.push(chunk));
    server.on("end", () => client.end());
    server.on("drain", () => held || client.resume());
    client.on("drain", () => server.resume());
    server.resume();
    const startup = this.#startupBytes();
    server.write(startup);
    this.#requests = requests;
    if (this.#said.length > 0) requests.push(this.#said);
    this.#said = Buffer.alloc(0);
  }

  #startupBytes(): Buffer {
    const size = this.#said.readInt32BE(0);
    const startup = this.#said.subarray(0, size);
    this.#said = this.#said.subarray(size);
    return startup;
  }
}
