import type { Clock } from "../clock.ts";
import { DatabaseProxy, type OpenInterleaver, openInterleaver } from "../interleave/index.ts";

export interface DatabaseOptions {
  /** Connection URI of the API's own database. */
  readonly url: string;
  /** Servers beyond this machine, as `host:port`. */
  readonly allow?: readonly string[];
  /** Of the proxy, on 127.0.0.1; 0 for a free one. */
  readonly port?: number;
  readonly clock: Clock;
  readonly onNotice?: (text: string) => void;
}

/** The API's database, seen through a proxy that can hold statements (DESIGN §8). */
export interface DatabaseInView {
  /** What the API has to be given in place of its own database URL; without the password. */
  readonly address: string;
  readonly port: number;
  readonly interleaver: OpenInterleaver;
  /** Whether any connection has come through so far. */
  seen(): boolean;
  /** Lets go of everything; connections through the proxy end. */
  close(): Promise<void>;
}

/** Throws DeadheatError where the server is not allowed, cannot be asked, or the port is taken. */
export async function viewDatabase(options: DatabaseOptions): Promise<DatabaseInView> {
  const { url, allow = [], port = 0, clock, onNotice = () => {} } = options;
  const proxy = await DatabaseProxy.open({ database: url, allow, port, onNotice });
  let interleaver: OpenInterleaver;
  try {
    interleaver = await openInterleaver(proxy, clock);
  } catch (error) {
    await proxy.close();
    throw error;
  }
  return {
    address: proxy.address,
    port: proxy.port,
    interleaver,
    seen: () => proxy.opened > 0,
    async close() {
      await interleaver.close();
      await proxy.close();
    },
  };
}
