/**
 * `npm run bench:real-api [NAME…] [--keep FOLDER] [--whole]`: API servers of others', on a real PostgreSQL server,
 * scanned from their own documents or a hand-written one, and no scenario code. Installs, starts, scans, stops; prints
 * what was judged. Its output is committed, and a race in what people run today is not told there: without `--whole`
 * nothing is named. Each proof was looked at by hand before that.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "@deadheat/lab/postgres";
import { scan } from "../real/scan.ts";
import { install, serve } from "../real/serve.ts";
import { type Subject, subjects } from "./subjects.ts";
import { counted, told } from "./summary.ts";

const { values, positionals } = parseArgs({
  options: { keep: { type: "string" }, whole: { type: "boolean", default: false } },
  allowPositionals: true,
});
const home = values.keep ?? mkdtempSync(join(tmpdir(), "deadheat-real-api-"));

/** The document that the server offers, or the part of it that is asked about. */
async function offered(url: string, paths = /^/): Promise<string> {
  const answer = await fetch(url);
  const whole = (await answer.json()) as { paths: object };
  const kept = Object.entries(whole.paths).filter(([path]) => paths.test(path));
  return JSON.stringify({ ...whole, paths: Object.fromEntries(kept) });
}

async function judged({ name, packages, document, paths }: Subject): Promise<void> {
  const [tested = ""] = packages;
  const folder = join(home, name);
  install(folder, packages, join(import.meta.dirname, name));
  const postgres = await startPostgres();
  try {
    const server = await serve(folder, postgres.url);
    try {
      if (document !== undefined)
        writeFileSync(join(folder, "openapi.json"), await offered(server.url + document, paths));
      const started = performance.now();
      const { report } = await scan(folder, server.url);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const from = document === undefined ? "a document written by hand" : `its own document, ${document}`;
      console.log(
        `${tested} · PostgreSQL ${postgres.version} · from ${from} · seed ${report.seed} · ` +
          `${report.requests} requests, ${seconds} s`,
      );
      for (const line of values.whole ? told(report) : counted(report)) console.log(`  ${line}`);
      console.log("");
      if (values.keep !== undefined)
        writeFileSync(join(folder, "report.json"), JSON.stringify(report, null, 2));
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
  }
}

console.log(
  `npm run bench:real-api: from a deadheat.yaml and an OpenAPI document alone · ${cpus().length} cores, ` +
    `${cpus()[0]?.model} · Node ${process.versions.node}\n`,
);
try {
  for (const subject of subjects)
    if (positionals.length === 0 || positionals.includes(subject.name)) await judged(subject);
} finally {
  if (values.keep === undefined) rmSync(home, { recursive: true, force: true });
}
if (!values.whole)
  console.log(
    "What is proven, if anything is, goes to the makers of a release that people run and not here; --whole prints it.",
  );
