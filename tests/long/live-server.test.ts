import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../labs/node/src/postgres/index.ts";
import { DatabaseProxy } from "../../packages/deadheat/src/interleave/proxy/proxy.ts";
import { executable, root } from "../support/command.ts";
import { lacking } from "../support/debian.ts";
import { through } from "../support/viewed.ts";

const run = promisify(execFile);
const PYTHON = "/usr/bin/python3";
let postgres: Postgres;
let reason: string | undefined;

beforeAll(async () => {
  reason = await lacking({
    "python3-django": [PYTHON, "-c", "import django"],
    "python3-psycopg2": [PYTHON, "-c", "import psycopg2"],
    "python3-pytest-django": [PYTHON, "-c", "import pytest_django"],
  });
  if (reason === undefined) postgres = await startPostgres();
}, 300_000);
afterAll(() => postgres?.stop());

const DJANGO = ["-m", "django", "test", "--settings", "settings", "--pythonpath", ".", "--noinput"];
const PYTEST = ["-m", "pytest", "--ds", "settings", "-p", "no:cacheprovider", "test_races.py"];

/** The example's tests; gives what they said. */
async function tested(
  databaseUrl: string,
  buy: string,
  args = DJANGO,
): Promise<{ code: number; said: string }> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    BUY: buy,
    DEADHEAT: `${process.execPath} ${executable}`,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: ".",
  };
  const options = { cwd: join(root, "examples", "live-server"), env };
  return run(PYTHON, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
}

it("a Django test suite calls its locked view right and its unlocked one a race", async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const right = await tested(postgres.url, "buy-locked");
  expect(right.said).toMatch(/Ran 1 test[\s\S]*OK/);
  const racy = await tested(postgres.url, "buy");
  expect(racy.said).toMatch(/'proven' != 'not-observed'/);
  expect(racy.said).toMatch(/UPDATE "shop_item" SET "stock" = \$1/);
}, 120_000);

it("the same under pytest", async ({ skip }) => {
  if (reason !== undefined) skip(reason);
  const racy = await tested(postgres.url, "buy", PYTEST);
  expect(racy.said).toMatch(/'proven' != 'not-observed'/);
  expect(racy.code).toBe(1);
}, 120_000);

it("a Django test run goes through the proxy unharmed: a database made, migrated, used and dropped", async ({
  skip,
}) => {
  if (reason !== undefined) skip(reason);
  const proxy = await DatabaseProxy.open({ database: postgres.url });
  const stop = proxy.observe({ statement: () => undefined, answered: () => {} });
  const { said } = await tested(through(postgres.url, proxy.port), "buy-locked");
  expect(said).toMatch(/Ran 1 test[\s\S]*OK/);
  expect(proxy.opened).toBeGreaterThan(2);
  stop();
  await proxy.close();
}, 120_000);
