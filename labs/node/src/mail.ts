import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

export interface MailServer {
  readonly host: string;
  readonly port: number;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Lines end with `\n`. */
  readonly text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

export const DOMAIN = "lab.example";
const FROM = `lab@${DOMAIN}`;
const PATIENCE_MS = 5_000;

/** RFC 5321, as far as one mail to one recipient on a trusted network needs it. */
export function mailTo({ host, port }: MailServer): SendMail {
  return async (mail) => {
    const socket = connect({ host, port });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("the mail server does not answer")));
    let failure: Error | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    try {
      await once(socket, "connect");
      await converse(socket, mail);
    } catch (error) {
      throw failure ?? error;
    } finally {
      socket.destroy();
    }
  };
}

async function converse(socket: Socket, mail: Mail): Promise<void> {
  const lines = createInterface({ input: socket });
  // A socket that is destroyed closes, and never ends.
  socket.once("close", () => lines.close());
  const replies = lines[Symbol.asyncIterator]();
  const expect = async (code: string) => {
    for (;;) {
      const { value, done } = await replies.next();
      if (done) throw new Error("the mail server hung up");
      if (!value.startsWith(code)) throw new Error(`the mail server said ${value.slice(0, 3)}`);
      // A hyphen after the code announces further lines of the same reply.
      if (value[3] !== "-") return;
    }
  };
  const say = async (line: string, code: string) => {
    socket.write(`${line}\r\n`);
    await expect(code);
  };
  await expect("220");
  await say(`EHLO ${DOMAIN}`, "250");
  await say(`MAIL FROM:<${FROM}>`, "250");
  await say(`RCPT TO:<${mail.to}>`, "250");
  await say("DATA", "354");
  await say(message(mail), "250");
  await say("QUIT", "221");
}

/** Ends with the dot that ends the data; a line that begins with one gets a second (RFC 5321 §4.5.2). */
export function message({ to, subject, text }: Mail): string {
  const header = [
    `From: <${FROM}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@${DOMAIN}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
  ];
  const lines = text.trimEnd().split("\n");
  return [...header, "", ...lines.map((line) => line.replace(/^\./, "..")), "."].join("\r\n");
}
