/**
 * better-auth as its documentation sets it up: PostgreSQL, magic links, e-mailed codes, bearer tokens. Mail is written to
 * a file. Listens on 127.0.0.1 at $PORT, at $DATABASE_URL, and says `ready`; stops when its standard input ends.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { bearer, emailOTP, magicLink } from "better-auth/plugins";
import pg from "pg";

const mails = join(import.meta.dirname, "mail.mbox");
async function send(to, subject, text) {
  appendFileSync(
    mails,
    `From server ${new Date().toUTCString().replace(",", "")}\nTo: ${to}\nSubject: ${subject}\n\n${text}\n\n`,
  );
}

const options = {
  baseURL: `http://127.0.0.1:${process.env.PORT}`,
  secret: randomUUID() + randomUUID(),
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 }),
  // What is asked here is whether a code works once, not how often one may ask.
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    bearer(),
    magicLink({ sendMagicLink: ({ email, url }) => send(email, "Sign in", `Follow this link: ${url}`) }),
    emailOTP({ sendVerificationOTP: ({ email, otp }) => send(email, "Sign in", `Your code is ${otp}`) }),
  ],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
createServer(toNodeHandler(betterAuth(options))).listen(Number(process.env.PORT), "127.0.0.1", () =>
  console.log("ready"),
);
process.stdin.on("end", () => process.exit(0)).resume();
