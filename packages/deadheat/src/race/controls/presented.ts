import type { ControlName } from "../../findings/controls.ts";
import { GARBAGE, type Token } from "../token.ts";

/** What a request carries in place of its good token. */
export interface Presented {
  readonly name: ControlName;
  /** In words: `without a token`. */
  readonly does: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Where a token stands among the headers of its requests: `authorization`, after `Bearer`. */
export interface Carrier {
  readonly header: string;
  readonly keyword: string;
  /** What else goes with it (a tenant, a client id). */
  readonly rest: Readonly<Record<string, string>>;
}

export function carrierOf({ value, headers }: Token): Carrier {
  const entries = Object.entries(headers);
  const found = entries.find(([, text]) => text === value || text.endsWith(` ${value}`));
  const [header, text] = found ?? ["authorization", value];
  return {
    header,
    keyword: text === value ? "" : text.slice(0, -value.length - 1),
    rest: Object.fromEntries(entries.filter(([name]) => name !== header)),
  };
}

/** The same place, another text in it. */
export function withValue({ header, keyword, rest }: Carrier, value: string): Record<string, string> {
  return { ...rest, [header]: keyword === "" ? value : `${keyword} ${value}` };
}

/** Credentials that nobody may be let in with. */
export function badCredentials(carrier: Carrier): Presented[] {
  const { header, keyword, rest } = carrier;
  return [
    { name: "none", does: "without a token", headers: rest },
    ...(keyword === ""
      ? []
      : [
          {
            name: "malformed" as const,
            does: `with ${keyword} and no token`,
            headers: { ...rest, [header]: keyword },
          },
        ]),
    { name: "garbage", does: "with a text that is no token", headers: withValue(carrier, GARBAGE) },
  ];
}

/** The good token, presented otherwise than usual. */
export function oddCredentials(carrier: Carrier, token: Token): Presented[] {
  const { header, keyword, rest } = carrier;
  const otherCase = keyword === keyword.toLowerCase() ? keyword.toUpperCase() : keyword.toLowerCase();
  return [
    ...(header === "authorization" && keyword !== ""
      ? [
          {
            name: "case" as const,
            does: `the good token after ${otherCase}`,
            headers: { ...rest, [header]: `${otherCase} ${token.value}` },
          },
        ]
      : []),
    {
      name: "two",
      does: `two ${header} headers, the good one second`,
      // Names that differ in case only are sent as two lines.
      headers: {
        ...withValue(carrier, GARBAGE),
        [header.toUpperCase()]: withValue(carrier, token.value)[header] as string,
      },
    },
    {
      name: "query",
      does: "the good token as ?access_token= and in no header",
      headers: rest,
      query: { access_token: token.value },
    },
  ];
}
