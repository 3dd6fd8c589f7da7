import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import nodemailer from "nodemailer";
import { type Account, type AccountsTarget, accountsTarget, unauthorized } from "./accounts.ts";
import type { Routes } from "./api.ts";

/** Where the API's mail goes: a server on this machine, or a folder. */
export type Outbox = { readonly port: number } | { readonly folder: string };

/** Registering and signing in want a code that is mailed, another one each time. */
export function mailingTarget(outbox: Outbox): Promise<AccountsTarget & { readonly mails: () => number }> {
  const codes = new Map<string, string>();
  let mails = 0;
  const challenge = async (email: string, purpose: string) => {
    const code = String(randomInt(100_000, 1_000_000));
    codes.set(`${purpose} ${email}`, code);
    mails++;
    await deliver(outbox, email, `Your code to ${purpose} is ${code}.`, mails);
    return { status: 202, body: {} };
  };
  const take = (email: string, purpose: string, code: string) =>
    codes.get(`${purpose} ${email}`) === code && codes.delete(`${purpose} ${email}`);
  const confirmed = new Map<string, Account>();
  return accountsTarget({
    routes: (accounts): Routes => ({
      "POST /join": ({ body }) => challenge(body.email, "join"),
      "POST /join/confirm": ({ body }) => {
        if (!take(body.email, "join", body.code)) return unauthorized;
        const account = accounts.add(body.email, body.password);
        if (account) confirmed.set(body.email, account);
        return { status: 201, body: {} };
      },
      "POST /enter": ({ body }) => challenge(body.email, "enter"),
      "POST /enter/confirm": ({ body }) => {
        const account = confirmed.get(body.email);
        if (!account || !take(body.email, "enter", body.code)) return unauthorized;
        return { status: 200, body: { token: accounts.issue(account) } };
      },
    }),
  }).then((target) => ({ ...target, mails: () => mails }));
}

async function deliver(outbox: Outbox, to: string, text: string, number: number): Promise<void> {
  const mail = { from: "api@example.com", to, subject: "Your code", text };
  if ("port" in outbox) {
    const transport = nodemailer.createTransport({ host: "127.0.0.1", port: outbox.port, secure: false });
    await transport.sendMail(mail);
    transport.close();
    return;
  }
  const { message } = await nodemailer
    .createTransport({ streamTransport: true, buffer: true })
    .sendMail(mail);
  writeFileSync(join(outbox.folder, `${number}.log`), message as Buffer);
}
