// Joins the modules of deadheat's command and library into the files that are published, in packages/deadheat/program:
// node takes longer to find and open a hundred modules than to run a short command. What a command alone needs is in
// files of its own, and what is installed beside stays beside. Nothing is shortened: stack traces name functions.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "packages", "deadheat");
const folder = join(root, "program");

const { output } = await build({
  configFile: false,
  root,
  logLevel: "warn",
  publicDir: false,
  ssr: { external: true },
  build: {
    ssr: true,
    write: false,
    // The oldest that runs it.
    target: "node20.19",
    minify: false,
    rolldownOptions: {
      input: { main: "src/cli/main.ts", index: "src/index.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});

// Commands may be running from there: what is as it was is left alone.
mkdirSync(folder, { recursive: true });
const before = new Set(readdirSync(folder));
for (const { fileName, code } of output) {
  const file = join(folder, fileName);
  if (!before.delete(fileName) || readFileSync(file, "utf8") !== code) writeFileSync(file, code);
}
for (const name of before) rmSync(join(folder, name));
