// Before packing: the pages about weaknesses and rules, for `deadheat explain`. Afterwards they are taken away again:
// in a checkout they are read where they are written.
import { cpSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pages = join(root, "packages", "deadheat", "pages");
rmSync(pages, { recursive: true, force: true });
if (!process.argv.includes("--remove"))
  for (const kind of ["weaknesses", "rules"])
    cpSync(join(root, "docs", kind), join(pages, kind), { recursive: true });
