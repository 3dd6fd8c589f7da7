import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startPostgres } from "@deadheat/lab/postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startShop } from "../../examples/shop/server.ts";
import type { Api } from "../../examples/support/api.ts";
import { root } from "../support/command.ts";
import { postgresMissing } from "../support/postgres.ts";

vi.setConfig({ testTimeout: 120_000 });
const run = promisify(execFile);
const EXAMPLES = join(root, "examples", "jest");
const EXAMPLE = join(EXAMPLES, "stock.test.js");
/** The shop of the examples, as a program of its own. */
const TSX = join(root, "node_modules", "tsx", "dist", "loader.mjs");
const SHOP = `${process.execPath} --import ${TSX} -C source ${join(root, "examples", "serve.ts")}`;

/** What `npx jest` says in a folder, and how it ends. */
async function jest(cwd: string, file: string, more: NodeJS.ProcessEnv) {
  const { NODE_ENV: _, VITEST: __, ...rest } = process.env;
  const env = { ...rest, ...more, NODE_OPTIONS: "--experimental-vm-modules", NO_COLOR: "1" };
  try {
    const { stderr } = await run("npx", ["jest", file], { cwd, env });
    return { code: 0, said: stderr };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  }
}

describe.skipIf(postgresMissing)(
  "the example for jest, with jest and deadheat as a user installs them",
  () => {
    const home = mkdtempSync(join(tmpdir(), "deadheat-jest-"));
    let stop = async () => {};
    let databaseUrl = "";
    const shops = {} as Record<"racy" | "right", Api>;

    beforeAll(async () => {
      await run("npm", ["run", "build"], { cwd: root });
      await run("npm", ["pack", "--workspaces", "--pack-destination", home], { cwd: root });
      const archives = readdirSync(home).filter((name) => name.endsWith(".tgz"));
      writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }');
      const files = archives.map((name) => `./${name}`);
      const install = ["install", "--no-audit", "--no-fund", "--prefer-offline"];
      await run("npm", [...install, ...files, "jest@30.5.2"], { cwd: home });
      const postgres = await startPostgres();
      databaseUrl = postgres.url;
      stop = async () => {
        await Promise.all(Object.values(shops).map((shop) => shop.stop()));
        await postgres.stop();
      };
      shops.racy = await startShop(postgres.url, { racy: true });
      shops.right = await startShop(postgres.url, { racy: false });
    }, 240_000);
    afterAll(async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    });

    it("as an ES module: fails at the racy shop with the witness, passes at the right one", async () => {
      cpSync(EXAMPLE, join(home, "stock.test.js"));
      const racy = await jest(home, "stock", { SHOP_URL: shops.racy.url });
      expect(racy, racy.said).toMatchObject({ code: 1, said: expect.stringMatching(/breaks the invariant/) });
      const right = await jest(home, "stock", { SHOP_URL: shops.right.url });
      expect(right, right.said).toMatchObject({ code: 0, said: expect.stringMatching(/1 passed/) });
    });

    it("with the database in view: by the order of the statements, and no order is left out", async () => {
      cpSync(join(EXAMPLES, "schedules.test.js"), join(home, "schedules.test.js"));
      const at = (half: string) =>
        jest(home, "schedules", { DATABASE_URL: databaseUrl, SHOP_START: `${SHOP} ${half}` });
      const racy = await at("racy");
      expect(racy, racy.said).toMatchObject({
        code: 1,
        said: expect.stringMatching(/‖ held before UPDATE products/),
      });
      const right = await at("right");
      expect(right, right.said).toMatchObject({ code: 0, said: expect.stringMatching(/1 passed/) });
    });

    it("the same from CommonJS, with import()", async () => {
      writeFileSync(join(home, "package.json"), '{ "private": true }');
      const text = readFileSync(EXAMPLE, "utf8");
      const common = text
        .replace('import { race } from "deadheat";', "")
        .replace("const result", 'const { race } = await import("deadheat");\n  const result');
      writeFileSync(join(home, "stock.test.js"), common);
      const right = await jest(home, "stock", { SHOP_URL: shops.right.url });
      expect(right, right.said).toMatchObject({ code: 0, said: expect.stringMatching(/1 passed/) });
    });
  },
);
