/** What stands between two mails in one file: Django's file backend, and mbox (RFC 4155). */
const BETWEEN = /^(?:-{79}|From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*)\r?$/m;

const BEGINS =
  /^\s*(?:-{79}|From \S+ |(?:Return-Path|Received|Delivered-To|From|To|Subject|Date|Message-ID|MIME-Version|Content-[a-z-]+|X-[a-z-]+): )/i;

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

/** Where the last mail in them begins, in bytes. */
export function lastMailIn(bytes: Buffer): number {
  const borders = [...bytes.toString("latin1").matchAll(new RegExp(BETWEEN, "gm"))];
  const last = borders.at(-1);
  return last ? last.index + last[0].length : 0;
}

/**
 * Whether what was written later goes on with the mail before it: a writer that stalls stops anywhere. Headers after
 * a mail that had its own begin another one.
 */
export function goesOn(earlier: Buffer, later: Buffer): boolean {
  // `Your ` + `code: 482913` looks like a header too: only those that mails begin with.
  const headed = /\r?\n\r?\n/.test(earlier.toString("latin1").trimStart());
  return !headed || !BEGINS.test(later.toString("latin1", 0, 200));
}
