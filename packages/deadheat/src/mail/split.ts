/** What stands between two mails in one file: Django's file backend, and mbox (RFC 4155). */
const BETWEEN = /^(?:-{79}|From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*)\r?$/m;

/** The mails in a file that holds one or several. */
export function splitMails(bytes: Buffer): Buffer[] {
  // Latin-1 keeps every byte as it is.
  return bytes
    .toString("latin1")
    .split(new RegExp(BETWEEN, "gm"))
    .map((text) => text.replace(/^[\r\n]+/, ""))
    .filter((text) => text.trim() !== "")
    .map((text) => Buffer.from(text, "latin1"));
}
