import type { FastifyInstance } from "fastify";
import { wantBearer } from "./bearer.ts";

/** Adds its routes, one or two, to the application. */
export type Endpoint = (app: FastifyInstance) => void;

/** The endpoints of one half by name, so that another form of one can take its place. */
export interface Endpoints {
  /** Called without a token. */
  readonly open: Readonly<Record<string, Endpoint>>;
  readonly bearer: Readonly<Record<string, Endpoint>>;
}

/** Endpoints that take what they work with as arguments, given it once and for all. */
export function bind<Args extends unknown[]>(
  endpoints: Readonly<Record<string, (app: FastifyInstance, ...args: Args) => void>>,
  ...args: Args
): Record<string, Endpoint> {
  return Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [name, (app) => endpoint(app, ...args)]),
  );
}

/** Serves the layers as one: an endpoint of a later layer replaces that of the same name before it. */
export function serve(app: FastifyInstance, layers: readonly Partial<Endpoints>[]): void {
  const merged = (kind: keyof Endpoints) =>
    Object.values<Endpoint>(Object.assign({}, ...layers.map((layer) => layer[kind])));
  for (const endpoint of merged("open")) endpoint(app);
  app.register(async (bearer) => {
    wantBearer(bearer);
    for (const endpoint of merged("bearer")) endpoint(bearer);
  });
}
