import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../packages/deadheat/src/index.ts";
import { type Running, root, run, start } from "./support/command.ts";
import { postgresMissing } from "./support/postgres.ts";
import { Dictionary, renameDocument, renamingProxy } from "./support/renaming.ts";

const document = join(root, "labs", "node", "openapi.yaml");
const folder = mkdtempSync(join(tmpdir(), "deadheat-rename-"));

/** No scenario knows a path or a field of the lab: with all of them renamed the findings are the same. */
describe.skipIf(postgresMissing !== false)("the lab under other names", () => {
  let lab: Running;
  let url = "";

  beforeAll(async () => {
    lab = start(["lab"]);
    url = (await lab.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
  });

  afterAll(async () => {
    lab.child.kill("SIGTERM");
    await lab.finished;
    rmSync(folder, { recursive: true, force: true });
  });

  it("paths, parameters and fields renamed, operationId, summary, description and tags gone", async () => {
    const names = new Dictionary();
    const renamed = join(folder, "renamed.json");
    writeFileSync(renamed, JSON.stringify(renameDocument(document, names)));
    const proxy = await renamingProxy(url, names);
    try {
      const args = [
        "scan",
        renamed,
        "--target",
        proxy.url,
        "--trials",
        "16",
        "--only",
        "lost-update",
        "limit-overrun",
        "revocation-race",
        "--output",
        folder,
        "--format",
        "json",
      ];
      const { stdout } = await run(args);
      const report = JSON.parse(stdout) as Report;
      const original = (path: string) => path.replace(/[A-Za-z0-9]+/g, (name) => names.back(name));
      const status = (wanted: string) =>
        report.outcomes
          .filter((one) => one.status === wanted)
          .map((one) => `${one.weakness} ${one.operation.method} ${original(one.operation.path)}`);
      expect(status("proven")).toEqual([
        "lost-update POST /racy/profile/score",
        "revocation-race POST /racy/profile/score",
        "limit-overrun POST /racy/coupons/{code}/redeem",
        "revocation-race POST /racy/coupons/{code}/redeem",
      ]);
      expect(status("not-observed")).toEqual([
        "lost-update POST /guarded/profile/score",
        "revocation-race POST /guarded/profile/score",
        "limit-overrun POST /guarded/coupons/{code}/redeem",
        "revocation-race POST /guarded/coupons/{code}/redeem",
      ]);
      const paths = report.outcomes.map((one) => one.operation.path).join(" ");
      expect(paths).not.toMatch(/racy|guarded|coupon|redeem|score|profile|logout/i);
    } finally {
      proxy.server.close();
    }
  }, 120_000);
});
