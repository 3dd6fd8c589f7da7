/**
 * parse-server on PostgreSQL, its mail written to a file. Listens on 127.0.0.1 at $PORT, at $DATABASE_URL, and says
 * `ready`; stops when its standard input ends.
 */
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const express = require("express");
const { ParseServer } = require("parse-server");

const mails = join(import.meta.dirname, "mail.mbox");
const write = (to, subject, text) =>
  appendFileSync(
    mails,
    `From server ${new Date().toUTCString().replace(",", "")}\nTo: ${to}\nSubject: ${subject}\n\n${text}\n\n`,
  );

const origin = `http://127.0.0.1:${process.env.PORT}`;
const server = new ParseServer({
  databaseURI: process.env.DATABASE_URL,
  appId: "deadheat",
  appName: "deadheat",
  masterKey: randomUUID(),
  serverURL: `${origin}/parse`,
  publicServerURL: `${origin}/parse`,
  logsFolder: null,
  silent: true,
  emailAdapter: {
    sendMail: async ({ to, subject, text }) => write(to, subject, text),
    sendPasswordResetEmail: async ({ link, user }) =>
      write(user.get("email"), "Reset your password", `Follow this link: ${link}`),
    sendVerificationEmail: async () => {},
  },
});
await server.start();
const app = express();
app.use("/parse", server.app);
createServer(app).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));
process.stdin.on("end", () => process.exit(0)).resume();
