import { createHome, removeHome } from "./home.ts";
import { freePort } from "./port.ts";
import { type ThrowAway, throwAwayPostgres } from "./postgres.ts";

/** What a project and its fixed copy share: a folder, a database server, a port for its mail. */
export interface World {
  readonly home: string;
  readonly postgres: ThrowAway;
  readonly mailPort: number;
  /** Takes all of it away. */
  close(): Promise<void>;
}

export async function openWorld(signal: AbortSignal): Promise<World> {
  const home = await createHome();
  try {
    const postgres = await throwAwayPostgres(signal);
    const mailPort = await freePort();
    return {
      home,
      postgres,
      mailPort,
      async close() {
        await postgres.stop();
        await removeHome(home);
      },
    };
  } catch (error) {
    await removeHome(home);
    throw error;
  }
}
