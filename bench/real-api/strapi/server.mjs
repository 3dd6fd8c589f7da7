/**
 * Strapi with one collection of its own kind, as its documentation sets it up: PostgreSQL, users that sign up, no
 * admin panel. Listens on 127.0.0.1 at $PORT, at $DATABASE_URL, and says `ready`; stops when its standard input ends.
 */
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const { createStrapi } = createRequire(import.meta.url)("@strapi/strapi");
const here = import.meta.dirname;
process.env.STRAPI_TELEMETRY_DISABLED = "true";
mkdirSync(`${here}/public/uploads`, { recursive: true });
await createStrapi({ appDir: here, distDir: here, serveAdminPanel: false }).start();
console.log("ready");
process.stdin.on("end", () => process.exit(0)).resume();
