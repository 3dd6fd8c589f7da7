import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unprivilegedAccount } from "./account.ts";
import { installedBinaries } from "./binaries.ts";

describe.skipIf(process.platform === "win32")("installedBinaries", async () => {
  const account = await unprivilegedAccount();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-test-"));
    chmodSync(folder, 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An installation that can say its version and nothing else. */
  const install = (version: string, ...path: string[]): string => {
    const bin = join(folder, ...path);
    mkdirSync(bin, { recursive: true, mode: 0o755 });
    for (const name of ["initdb", "postgres"]) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
    }
    return bin;
  };
  const find = (path: string, debian: string) => installedBinaries(account, folder, path, debian);

  it("prefers the PATH, through a link, to Debian's folders", async () => {
    const bin = install("14.9", "opt", "bin");
    install("16.1", "debian", "16", "bin");
    mkdirSync(join(folder, "links"));
    symlinkSync(join(bin, "initdb"), join(folder, "links", "initdb"));
    const found = await find(join(folder, "links"), join(folder, "debian"));
    expect(found).toEqual({ initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), version: "14.9" });
  });

  it("takes the newest of Debian's folders by number, not by letter", async () => {
    for (const version of ["9.6", "13", "16", "100"]) install(`${version}.1`, "debian", version, "bin");
    expect((await find("", join(folder, "debian")))?.version).toBe("100.1");
  });

  it("passes over what is too old or broken", async () => {
    const old = install("12.7", "old");
    const broken = install("16.1", "broken");
    rmSync(join(broken, "postgres"));
    install("15.4", "debian", "15", "bin");
    expect((await find(`${old}:${broken}`, join(folder, "debian")))?.version).toBe("15.4");
    expect(await find(`${old}:${broken}`, join(folder, "none"))).toBeUndefined();
  });

  it("knows the versions of servers that are not released yet", async () => {
    const bin = install("19devel", "next");
    expect((await find(bin, "none"))?.version).toBe("19devel");
  });
});
