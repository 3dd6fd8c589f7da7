// Copies tree-sitter's Python grammar (WebAssembly, MIT licence) into the package that ships it.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const from = dirname(createRequire(import.meta.url).resolve("tree-sitter-python/package.json"));
const to = join(dirname(fileURLToPath(import.meta.url)), "..", "packages", "deadheat", "wasm");
mkdirSync(to, { recursive: true });
copyFileSync(join(from, "tree-sitter-python.wasm"), join(to, "tree-sitter-python.wasm"));
copyFileSync(join(from, "LICENSE"), join(to, "LICENSE"));
