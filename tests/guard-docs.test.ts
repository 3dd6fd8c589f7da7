import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as main from "@deadheat/guard";
import * as expressPlugin from "@deadheat/guard/express";
import * as fastifyPlugin from "@deadheat/guard/fastify";
import * as honoPlugin from "@deadheat/guard/hono";
import * as jose from "@deadheat/guard/jose";
import * as kyselyAdapter from "@deadheat/guard/kysely";
import * as nodePostgresAdapter from "@deadheat/guard/node-postgres";
import * as postgresJsAdapter from "@deadheat/guard/postgres-js";
import * as schema from "@deadheat/guard/schema";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres } from "../labs/node/src/postgres/index.ts";
import { postgresMissing } from "./support/postgres.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../packages/guard");
const ENTRIES = [
  main,
  expressPlugin,
  fastifyPlugin,
  honoPlugin,
  jose,
  kyselyAdapter,
  nodePostgresAdapter,
  postgresJsAdapter,
  schema,
];
const sources = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.includes(".test."))
  .map((name) => ({ name, text: readFileSync(join(folder, "src", name), "utf8") }));

interface Documented {
  readonly file: string;
  readonly name: string;
  readonly comment: string;
}

/** Every exported function and class, with the comment right before it. */
const documented: readonly Documented[] = sources.flatMap(({ name: file, text }) =>
  [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export (?:async )?(?:function|class) (\w+)/g)].map(
    ([, comment = "", name = ""]) => ({ file, name, comment }),
  ),
);
const published = new Set(
  ENTRIES.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
  ),
);

/** Statements of an example, each with what it says that its value is. */
function statements(code: string): { readonly text: string; readonly expected?: string }[] {
  const found: { text: string; expected?: string }[] = [];
  let text = "";
  for (const line of code.split("\n")) {
    const [, before = line, said] = /^(.*;) \/\/ (.+)$/.exec(line) ?? [];
    text += `${said === undefined ? line : before}\n`;
    if (!/;(?: \/\/.*)?$/.test(line) || !isWhole(text)) continue;
    found.push({ text, ...(said === undefined ? {} : { expected: said }) });
    text = "";
  }
  if (text.trim() !== "") found.push({ text });
  return found;
}

function isWhole(text: string): boolean {
  try {
    new AsyncFunction(text);
    return true;
  } catch {
    return false;
  }
}

const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...values: unknown[]) => Promise<void>;

/** What a comment says, if it is a value. An ellipsis stands for whatever. */
function saidValue(said: string): { readonly value: unknown } | undefined {
  try {
    return { value: new Function(`return (${said.replace(/,? …/g, "")})`)() };
  } catch {
    return undefined;
  }
}

function check(actual: unknown, said: string): void {
  const expected = saidValue(said);
  if (!expected) return;
  const { value } = expected;
  if (typeof value === "object" && value !== null) expect(actual, said).toMatchObject(value);
  else expect(actual, said).toBe(value);
}

/** Runs the example where the names are what they are in the text; declarations that are named are kept for the rest. */
async function run(code: string, names: Readonly<Record<string, unknown>>): Promise<number> {
  let checked = 0;
  const body = statements(code).map(({ text, expected }) => {
    const expression =
      /^(?!const |for |let |import |\s*\/\/)/.test(text) && expected !== undefined && saidValue(expected);
    if (!expression) return text;
    checked++;
    return `check(await (${text.trim().replace(/;$/, "")}), ${JSON.stringify(expected)});\n`;
  });
  const all = { ...names, check };
  await new AsyncFunction(...Object.keys(all), `{ ${body.join("")} }`)(...Object.values(all));
  return checked;
}

it("every published function has a comment with its errors and an example", () => {
  const lacking = documented
    .filter(({ name }) => published.has(name))
    .filter(({ comment }) => !/@throws/.test(comment) || !/@example/.test(comment))
    .map(({ file, name }) => `${file}: ${name}`);
  expect(lacking).toEqual([]);
  // And none is published that was not looked at.
  const seen = new Set(documented.map(({ name }) => name));
  expect([...published].filter((name) => !seen.has(name))).toEqual([]);
});

it("every method of what they make has a comment", () => {
  const lacking = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)].flatMap(([, type, body = ""]) =>
      body
        .split("\n")
        .flatMap((line, at, lines) =>
          /^ {2}\w+\??(<\w+>)?\(/.test(line) && !/\*\/$/.test(lines[at - 1] ?? "") ? [line] : [],
        )
        .map((line) => `${name}: ${type}.${line.trim()}`),
    ),
  );
  // By structure another library's, or one method that is what the interface is.
  const others = /^(?:postgres|limit|scope|retry|adapters\/[\w-]+|http\/[\w-]+|plugins\/\w+)\.ts: /;
  expect(lacking.filter((one) => !others.test(one))).toEqual([]);
});

describe.skipIf(postgresMissing !== false)("the examples run", async () => {
  const server = postgresMissing === false ? await startPostgres() : undefined;
  const url = server?.url ?? "";
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  pool.on("error", () => {});
  const ends: (() => Promise<unknown>)[] = [() => pool.end()];
  const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) });
  const tokens = main.opaqueTokens();
  const guard = main.createGuard({ pool, tokens });
  const sql = postgres(url, { max: 3, onnotice: () => {} });
  ends.unshift(() => sql.end({ timeout: 5 }));
  /** What opens connections of its own is ended with the rest. */
  const connecting = {
    postgres: (...args: Parameters<typeof postgres>) => {
      const made = postgres(...args);
      ends.unshift(() => made.end({ timeout: 5 }));
      return made;
    },
    pg: {
      Pool: class extends pg.Pool {
        constructor(options: pg.PoolConfig) {
          super(options);
          ends.unshift(() => this.end());
        }
      },
    },
  };
  const fastify = Fastify();
  const names = async () => {
    const { token } = await tokens.issue(pool, { subject: "ada", lifetimeSeconds: 600 });
    const authorization = `Bearer ${token}`;
    return {
      ...Object.assign({}, ...ENTRIES.map((entry) => ({ ...entry }))),
      ...connecting,
      ...{ pool, url, tokens, guard, sql, kysely, db: kysely, authorization, fastify, mail: () => {} },
      sessions: main.createSessions({ pool, tokens }),
      secret: new Uint8Array(32),
      request: { headers: { authorization } },
    };
  };
  beforeAll(async () => {
    for (const one of schema.migrations()) await pool.query(one.sql);
    await pool.query("CREATE TABLE profiles (user_id text, id text, score int, n int)");
  });
  afterAll(async () => {
    for (const end of ends) await end();
    await server?.stop();
  });

  it.each(documented.filter(({ name }) => published.has(name)))(
    "$name in $file",
    async ({ file, comment }) => {
      const example =
        /@example\n([\s\S]*?)\*\//
          .exec(comment)?.[1]
          ?.replace(/^ \* ?/gm, "")
          .trim() ?? "";
      const apps = {
        "plugins/fastify.ts": Fastify(),
        "plugins/express.ts": express(),
        "plugins/hono.ts": new Hono(),
      };
      const own = file === "adapters/kysely.ts" ? kyselyAdapter : postgresJsAdapter;
      const app = apps[file as keyof typeof apps];
      await run(example, { ...(await names()), queryable: own.queryable, app });
    },
  );

  const readme = readFileSync(join(folder, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  it.each(blocks.map((code) => [code.split("\n")[0], code]))("README: %s", async (_first, code) => {
    await run(code, await names());
  });

  it("and what they say is looked at", async () => {
    expect(await run("1 + 1; // 2", {})).toBe(1);
    await expect(run("1 + 1; // 3", {})).rejects.toThrow();
    await expect(run('[{ a: "b" }][0]; // { a: "c", … }', {})).rejects.toThrow();
  });
});
