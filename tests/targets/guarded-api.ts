import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fastifyGuard } from "@deadheat/guard/fastify";
import { parse } from "yaml";
import { type Api, buildApi } from "../../docs/guard/api.ts";
import { root } from "../support/command.ts";
import type { Target } from "./api.ts";

const TABLES = `
CREATE TABLE IF NOT EXISTS teams (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, budget integer NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS members (
  team bigint REFERENCES teams, member bigint REFERENCES users, role text NOT NULL, PRIMARY KEY (team, member))`;
const FOUND = `
WITH team AS (INSERT INTO teams (name) VALUES ($2) RETURNING id, name, budget),
     admin AS (INSERT INTO members SELECT id, $1, 'admin' FROM team RETURNING role)
SELECT id::text, name, budget, role FROM team, admin`;
const SELECT =
  "SELECT id::text, name, budget, role FROM teams JOIN members ON team = id WHERE id = $1 AND member = $2";
const SAVE_ROLE = `
INSERT INTO members VALUES ($1, $2, $3) ON CONFLICT (team, member) DO UPDATE SET role = excluded.role
 WHERE members.role <> 'admin'`;

class Refused extends Error {
  readonly statusCode: number;
  constructor(statusCode: number) {
    super("refused");
    this.statusCode = statusCode;
  }
}

/** Whether nothing runs under a token of whoever is demoted meanwhile. */
export type Demotions = "alone" | "as anything";

/** Roles, which are read without any lock: a demotion is alone with its subject, that is all. */
async function addTeams({ app, guard, pool }: Api, demotions: Demotions): Promise<void> {
  await pool.query(TABLES);
  const guarded = fastifyGuard(guard);
  interface Call {
    Params: { team: string; user: string };
    Body: { name: string; role: string; amount: number };
  }
  app.post<Call>(
    "/teams",
    guarded<Call>(async ({ tx, principal }, { body }, reply) => {
      reply.code(201);
      return (await tx.query(FOUND, [principal.subject, body.name])).rows[0];
    }),
  );
  app.get<Call>(
    "/teams/:team",
    guarded<Call>(async ({ tx, principal }, { params }) => {
      const [team] = (await tx.query(SELECT, [params.team, principal.subject])).rows;
      if (!team) throw new Refused(404);
      return team;
    }),
  );
  app.put<Call>(
    "/teams/:team/members/:user/role",
    guarded<Call>(
      async ({ tx, principal }, { params: { team, user }, body: { role } }) => {
        const [own] = (await tx.query(SELECT, [team, principal.subject])).rows;
        if (own?.role !== "admin") throw new Refused(own ? 403 : 404);
        if ((await tx.query("SELECT FROM users WHERE id = $1", [user])).rowCount !== 1)
          throw new Refused(422);
        if ((await tx.query(SAVE_ROLE, [team, user, role])).rowCount !== 1) throw new Refused(409);
        return { user, role };
      },
      ({ params }) => (demotions === "alone" ? { exclusive: params.user } : {}),
    ),
  );
  app.post<Call>(
    "/teams/:team/budget",
    guarded<Call>(async ({ tx, principal }, { params, body }) => {
      const [own] = (await tx.query(SELECT, [params.team, principal.subject])).rows;
      if (own?.role !== "admin" && own?.role !== "manager") throw new Refused(own ? 403 : 404);
      await tx.query("UPDATE teams SET budget = budget + $2 WHERE id = $1", [params.team, body.amount]);
      return { status: "ok" };
    }),
  );
}

/** The API of docs/guard, with teams, and the document of both. */
export async function guardedApi(databaseUrl: string, demotions: Demotions = "alone"): Promise<Target> {
  const api = await buildApi(databaseUrl);
  await addTeams(api, demotions);
  const folder = mkdtempSync(join(tmpdir(), "deadheat-guarded-"));
  const document = join(folder, "openapi.json");
  const [own, teams] = ["docs/guard/openapi.yaml", "tests/targets/guarded-teams.yaml"].map((file) =>
    parse(readFileSync(join(root, file), "utf8")),
  );
  const components: Record<string, object> = { ...own.components };
  for (const [kind, more] of Object.entries<object>(teams.components))
    components[kind] = { ...more, ...components[kind] };
  writeFileSync(document, JSON.stringify({ ...own, paths: { ...own.paths, ...teams.paths }, components }));
  const url = await api.app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    document,
    async stop() {
      await api.app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
