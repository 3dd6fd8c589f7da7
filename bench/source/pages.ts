/** Rewrites docs/rules from the rules: `node --import tsx -C source bench/source/pages.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rules } from "../../packages/deadheat/src/source/rules/index.ts";
import { pageOf } from "../../packages/deadheat/src/source/rules/page.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "docs", "rules");
mkdirSync(folder, { recursive: true });
for (const rule of rules) writeFileSync(join(folder, `${rule.id}.md`), pageOf(rule));
