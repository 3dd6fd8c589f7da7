import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { DeadheatError } from "../errors.ts";
import type { Mails } from "./mailbox.ts";
import { parseMessage } from "./message.ts";

const LIMIT_BYTES = 10_000_000;

export interface SmtpSink {
  readonly port: number;
  close(): Promise<void>;
}

/** A mail server on loopback that delivers nothing and takes any user and password. */
export async function openSmtp(port: number, mails: Mails): Promise<SmtpSink> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    // It has no certificate that an API would trust.
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: LIMIT_BYTES,
    closeTimeout: 200,
    logger: false,
    onAuth: (_auth, _session, done) => done(null, { user: "any" }),
    async onData(stream, { envelope }, done) {
      const raw = await buffer(stream).catch(() => undefined);
      const message =
        raw && !stream.sizeExceeded
          ? await parseMessage(
              raw,
              envelope.rcptTo.map(({ address }) => address),
            )
          : undefined;
      // Kept before it is acknowledged: an API that answers after the mail has been taken is read in time.
      if (message) mails.add(message);
      done();
    },
  });
  // What a client does wrong on its connection is its own affair.
  server.on("error", () => {});
  await listening(server, port);
  return {
    port: (server.server.address() as { port: number }).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listening(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new DeadheatError(
          "mail-unavailable",
          `mail.smtp: port ${port} of 127.0.0.1 cannot be used (${cause.code})`,
          "Stop what uses it, or name another port in deadheat.yaml and in the API's settings.",
          cause,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}
