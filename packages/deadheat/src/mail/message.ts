import PostalMime, { type Address, type Email } from "postal-mime";

/** What of a mail matters here. */
export interface Message {
  /** Lower case. */
  readonly recipients: readonly string[];
  /** Subject, text, and the addresses of links. */
  readonly text: string;
}

const LIMIT = 200_000;
const RECIPIENT_HEADERS = ["delivered-to", "x-original-to", "envelope-to"];

/** Parses a mail; `undefined` for what is none. `envelope` is whom SMTP said it is for. */
export async function parseMessage(
  raw: Uint8Array,
  envelope: readonly string[] = [],
): Promise<Message | undefined> {
  let email: Email;
  try {
    email = await PostalMime.parse(raw);
  } catch {
    return undefined;
  }
  const headers = email.headers
    .filter(({ key }) => RECIPIENT_HEADERS.includes(key))
    .map(({ value }) => value);
  const named = [email.to, email.cc, email.bcc].flatMap((list) => list ?? []).flatMap(addressesOf);
  const recipients = [...envelope, ...headers, ...named].map((one) => one.trim().toLowerCase());
  // Every text parses as a mail of some sort; the rest of one, cut off at a line that looks like a border, too.
  if (recipients.length === 0 && email.subject === undefined && email.from === undefined) return undefined;
  const html = (email.html ?? "").slice(0, LIMIT);
  const body = email.text?.trim() ? email.text.slice(0, LIMIT) : textOf(html);
  return {
    recipients: [...new Set(recipients)],
    text: [email.subject ?? "", body, ...linksIn(html)].join("\n"),
  };
}

function addressesOf(address: Address): string[] {
  return (address.group ?? [address]).map((one) => one.address);
}

/** Good enough to find digits: what is never shown goes, tags become spaces. */
function textOf(html: string): string {
  const shown = html.replace(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, " ");
  // A code whose digits are styled one by one (`<b>1</b><b>2</b>`) is one run.
  return entities(shown.replace(/<\/?(b|i|em|strong|span|u|font)\b[^>]*>/gi, "").replace(/<[^>]*>/g, " "));
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)].map((match) =>
    entities(match[1] ?? match[2] ?? match[3] ?? ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function entities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
