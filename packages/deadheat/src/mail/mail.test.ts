import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import nodemailer from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../cli/clock.ts";
import type { MailRecipe } from "../plan/credential.ts";
import { codeIn } from "./code.ts";
import { type Mailbox, openMailbox } from "./index.ts";
import { parseMessage } from "./message.ts";

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function mailbox(recipe: MailRecipe, signal = never): Promise<Mailbox> {
  const opened = await openMailbox(recipe, systemClock, signal);
  closers.push(() => opened.close());
  return opened;
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "deadheat-mail-"));
  closers.push(() => rm(made, { recursive: true }));
  return made;
}

function transport(box: Mailbox, options: object = {}) {
  const sender = nodemailer.createTransport({
    host: "127.0.0.1",
    port: box.smtpPort,
    secure: false,
    ...options,
  });
  return (to: string, content: object) =>
    sender.sendMail({ from: "api@test", to, subject: "Hello", ...content });
}

const raw = (to: string, body: string) => `From: api@test\r\nTo: ${to}\r\nSubject: Hi\r\n\r\n${body}\r\n`;

describe("the mail server", () => {
  it.each([
    ["plain text", { text: "Your code is 482913." }, "482913"],
    [
      "quoted-printable",
      { text: `Grüße, der Code: 482913 ${"ä".repeat(60)}`, encoding: "quoted-printable" },
      "482913",
    ],
    ["base64", { text: "Code 482913", encoding: "base64" }, "482913"],
    ["multipart", { text: "Code: 482913", html: "<p>Code: <b>482913</b></p>" }, "482913"],
    [
      "HTML alone, a link",
      { html: '<a href="http://a/reset?uid=4711&amp;token=aB-9%2Bx">Reset</a> &copy; 2025' },
      "aB-9+x",
    ],
    [
      "HTML alone, digits apart",
      { html: "<style>p{width:1200px}</style><p>Code <b>48</b><b>29</b>13" },
      "482913",
    ],
    [
      "an attachment beside it",
      { text: "PIN 4829", attachments: [{ filename: "a.txt", content: "999999" }] },
      "4829",
    ],
  ])("reads %s", async (_name, content, code) => {
    const box = await mailbox({ smtp: { port: 0 } });
    await transport(box)("ann@test", content);
    expect(await box.codeFor("Ann@test", 2000)).toBe(code);
  });

  it("takes any user and password, as an API may be set up with some", async () => {
    const box = await mailbox({ smtp: { port: 0 } });
    await transport(box, { auth: { user: "u", pass: "p" } })("ann@test", { text: "code 1234" });
    expect(await box.codeFor("ann@test", 2000)).toBe("1234");
  });

  it("gives 40 who wait at once their own code, whatever the order of arrival", async () => {
    const box = await mailbox({ smtp: { port: 0 } });
    const send = transport(box, { pool: true, maxConnections: 5 });
    const people = Array.from({ length: 40 }, (_, index) => ({
      to: `p${index}@test`,
      code: `${7000 + index}`,
    }));
    const waiting = people.map(({ to }) => box.codeFor(to, 8000));
    await Promise.all([...people].reverse().map(({ to, code }) => send(to, { text: `Your code: ${code}` })));
    expect(await Promise.all(waiting)).toEqual(people.map(({ code }) => code));
  });

  it("gives each mail once, the newest first, and none older than asked for", async () => {
    const box = await mailbox({ smtp: { port: 0 } });
    const send = transport(box);
    await send("ann@test", { text: "code 1111" });
    await send("ann@test", { text: "code 2222" });
    expect(await box.codeFor("ann@test", 300)).toBe("2222");
    expect(await box.codeFor("ann@test", 50)).toBeUndefined();
    await send("ann@test", { text: "code 3333" });
    expect(await box.codeFor("ann@test", 50, systemClock.now())).toBeUndefined();
    await send("ann@test", { text: "Welcome, and no number at all" });
    expect(await box.codeFor("ann@test", 50)).toBe("3333");
  });

  it("takes the only mail where all mail goes to one address, but never one that another asked for", async () => {
    const box = await mailbox({ smtp: { port: 0 } });
    const send = transport(box);
    expect(await box.codeFor("bob@test", 10)).toBeUndefined();
    await send("bob@test", { text: "code 2222" });
    expect(await box.codeFor("ann@test", 100)).toBeUndefined();
    await send("everything@test", { text: "code 1111" });
    expect(await box.codeFor("ann@test", 100)).toBe("1111");
    expect(await box.codeFor("bob@test", 100)).toBe("2222");
  });

  it("a port in use is one message that says what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as { port: number };
    await expect(mailbox({ smtp: { port } })).rejects.toMatchObject({
      code: "mail-unavailable",
      exitCode: 2,
    });
  });

  it("those who wait end with the signal, and with the mailbox", async () => {
    const abort = new AbortController();
    const box = await mailbox({ smtp: { port: 0 } }, abort.signal);
    const waiting = box.codeFor("ann@test", 60_000);
    abort.abort(new Error("called off"));
    await expect(waiting).rejects.toThrow("called off");
    const other = await openMailbox({ smtp: { port: 0 } }, systemClock, never);
    const unanswered = other.codeFor("ann@test", 60_000);
    await other.close();
    expect(await unanswered).toBeUndefined();
  });
});

describe("a file or a folder", () => {
  it("a folder with a file a mail, as Django's file backend writes it, with what was there left out", async () => {
    const inside = await folder();
    await writeFile(join(inside, "old.log"), raw("ann@test", "code 9999"));
    const box = await mailbox({ file: inside });
    const two = `${raw("ann@test", "code 1111")}\n${"-".repeat(79)}\n${raw("bob@test", "code 2222")}\n${"-".repeat(79)}\n`;
    await writeFile(join(inside, "20250101-1.log"), two);
    expect(await box.codeFor("bob@test", 3000)).toBe("2222");
    expect(await box.codeFor("ann@test", 3000)).toBe("1111");
  });

  it("one file that grows, with mbox lines, which need not be there at first", async () => {
    const file = join(await folder(), "mbox");
    const box = await mailbox({ file });
    const mbox = (to: string, code: string) =>
      `From api@test Mon Jan  6 10:00:00 2025\n${raw(to, `code ${code}\n\nFrom here on, nothing`)}\n`;
    await appendFile(file, mbox("ann@test", "1111"));
    expect(await box.codeFor("ann@test", 3000)).toBe("1111");
    await appendFile(file, mbox("bob@test", "2222") + mbox("ann@test", "3333"));
    expect(await box.codeFor("ann@test", 3000)).toBe("3333");
    expect(await box.codeFor("bob@test", 3000)).toBe("2222");
  });

  it("a maildir: what moves from new to cur is one mail, and tmp is none", async () => {
    const inside = await folder();
    for (const name of ["tmp", "new", "cur"]) await mkdir(join(inside, name));
    const box = await mailbox({ file: inside });
    await writeFile(join(inside, "tmp", "1.host"), raw("ann@test", "code 1111"));
    expect(await box.codeFor("ann@test", 400)).toBeUndefined();
    await rename(join(inside, "tmp", "1.host"), join(inside, "new", "1.host"));
    expect(await box.codeFor("ann@test", 3000)).toBe("1111");
    await rename(join(inside, "new", "1.host"), join(inside, "cur", "1.host:2,S"));
    expect(await box.codeFor("ann@test", 500)).toBeUndefined();
  });

  it("a mail that is written bit by bit is read when it is whole", async () => {
    const file = join(await folder(), "mail.log");
    const box = await mailbox({ file });
    const waiting = box.codeFor("ann@test", 5000);
    for (const part of [
      "From: api@test\r\nTo: ann@",
      "test\r\nSubject: Hi\r\n\r\nYour ",
      "code: 48",
      "2913\r\n",
    ]) {
      await appendFile(file, part);
      await systemClock.sleep(40);
    }
    expect(await waiting).toBe("482913");
  });

  it("a writer that stalls in the middle, and a greeting before, with no line between two mails", async () => {
    const file = join(await folder(), "mail.log");
    const box = await mailbox({ file });
    const waiting = box.codeFor("ann@test", 5000);
    for (const part of [
      "From: api@test\r\nTo: ann@",
      "test\r\nSubject: Hi\r\n\r\nYour ",
      "code: 48",
      "2913\r\n",
    ]) {
      await appendFile(file, part);
      await systemClock.sleep(250);
    }
    expect(await waiting).toBe("482913");
    for (const mail of [raw("bob@test", "Welcome"), raw("ann@test", "code 7777")]) {
      await appendFile(file, mail);
      await systemClock.sleep(250);
    }
    expect(await box.codeFor("ann@test", 3000)).toBe("7777");
  });
});

describe("the code in a text", () => {
  it.each([
    ["123456 is your login code", "123456"],
    ["Your code is 123 456.", "123456"],
    ["Open http://a/b?token=Xy_1&x=2 within 20 minutes. © 2025", "Xy_1"],
    ["http://a/?token=first and http://a/?code=last", "last"],
    ["Call +49 30 1234567 or pay 1200.50; verification code 7788", "7788"],
    ["See http://a/orders/20251 only", undefined],
    ["Nothing here", undefined],
    ["Ticket 55555", "55555"],
  ])("%s", (text, code) => expect(codeIn(text)).toBe(code));

  it("with a pattern of the user's, its first group", () => {
    expect(codeIn("http://a/activate/MQ/c0ffee-77/", "/activate/[^/]+/([^/]+)/")).toBe("c0ffee-77");
    expect(codeIn("code 1234", "pin (\\d+)")).toBeUndefined();
  });

  it("any bytes are a mail or none, and no pattern backtracks over them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const message = await parseMessage(bytes);
        if (message) codeIn(message.text);
      }),
      { numRuns: 200 },
    );
    const hostile = `To: a@b\nContent-Type: text/html\n\n${"<style>&#x110000;<a href=".repeat(20_000)}`;
    // A pattern that backtracks would still be at it when the test's time is over.
    codeIn((await parseMessage(Buffer.from(hostile)))?.text ?? "");
  });
});
