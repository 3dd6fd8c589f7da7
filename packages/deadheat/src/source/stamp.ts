import { createHash, hash as digest } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { endianness } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../version.ts";

/**
 * The version, and sizes and times of the analyser's own files: who changes a rule wants to see what it says. Numbers
 * are kept as this machine writes them.
 */
export function analyserStamp(): string {
  const hash = createHash("sha256").update(`${version} ${endianness()}`);
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/(?<!\.d)\.[jt]s$/.test(entry.name)) {
        const stat = statSync(path, { throwIfNoEntry: false });
        hash.update(`${path} ${stat?.size} ${stat?.mtimeMs}\n`);
      }
    }
  };
  visit(fileURLToPath(new URL(".", import.meta.url)));
  return hash.digest("hex").slice(0, 16);
}

export function sha256(text: string | Uint8Array): string {
  return digest("sha256", text, "hex");
}
