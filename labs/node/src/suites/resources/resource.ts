import type { AuthorizationHeader } from "@deadheat/guard";
import type { FastifyInstance } from "fastify";
import type { WayName } from "./ways/index.ts";
import type { Way, Work } from "./ways/way.ts";

/** How the endpoints of one resource in one half do their work. */
export interface Access {
  /** Under a valid token, for what races with nothing. */
  plain<T>(
    authorization: AuthorizationHeader,
    work: (work: Pick<Work, "subject" | "query">) => Promise<T>,
  ): Promise<T>;
  /** For everything that one of the resource's operations decides by or changes. */
  readonly way: Way;
  /** Whether that is left to a statement or a constraint. */
  readonly atOnce: boolean;
  /** A name of a lock that is this half's own. */
  lockKey(name: string): string;
}

/** A few endpoints around one kind of thing: one file, right in one way or another. */
export interface Resource {
  /** How it is made right; the first one where nothing else is asked for. */
  readonly ways: readonly [WayName, ...WayName[]];
  /** What it needs of the tables where it is made right by constraint. */
  readonly constraint?: string;
  serve(app: FastifyInstance, access: Access): void;
}
