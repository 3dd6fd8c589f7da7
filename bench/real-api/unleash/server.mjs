/**
 * Unleash with two admin tokens, which it is given at its start. Listens on 127.0.0.1 at $PORT, at $DATABASE_URL, and
 * says `ready`; stops when its standard input ends.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { start } from "unleash-server";

const secrets = [1, 2].map(() => `*:*.${randomBytes(32).toString("hex")}`);
for (const [index, secret] of secrets.entries())
  writeFileSync(join(import.meta.dirname, `token-${index + 1}`), secret, { mode: 0o600 });

await start({
  databaseUrl: process.env.DATABASE_URL,
  databaseSSL: false,
  db: { pool: { min: 2, max: 20 }, ssl: false },
  server: { port: Number(process.env.PORT), host: "127.0.0.1", gracefulShutdownEnable: false },
  authentication: {
    enableApiToken: true,
    initApiTokens: secrets.map((secret, index) => ({
      secret,
      type: "admin",
      environment: "*",
      projects: ["*"],
      tokenName: `scan-${index + 1}`,
    })),
  },
  versionCheck: { enable: false },
  telemetry: false,
  enableOAS: true,
  logLevel: "fatal",
});
console.log("ready");
process.stdin.on("end", () => process.exit(0)).resume();
