import type { ControlAnswer, ControlCell } from "../../findings/controls.ts";
import type { Exchange } from "../exchange.ts";

/** What an answer says by itself; `let-in` says nothing yet about what was reached. */
export type FirstLook = "refused" | "let-in" | "unclear";

/**
 * A redirect to a page to log in refuses as well. A 400 or 422 does where the same call under a good token
 * `works`: without that it may be about the body.
 */
export function firstLook({ status }: Exchange, works: boolean): FirstLook {
  if (status === undefined || status >= 500 || [408, 425, 429].includes(status)) return "unclear";
  if (status >= 200 && status < 300) return "let-in";
  if (status === 401 || status === 403 || status < 400) return "refused";
  return works ? "refused" : "unclear";
}

export function cellOf(answer: ControlAnswer, exchange: Exchange, does: string, note?: string): ControlCell {
  const { status, failure } = exchange;
  const said = `${does}: ${status ?? failure ?? "no answer"}`;
  return {
    answer,
    ...(status === undefined ? {} : { status }),
    tested: note === undefined ? said : `${said}; ${note}`,
  };
}

export function untested(reason: string): ControlCell {
  return { answer: "not-tested", tested: reason };
}

/** Whether a 401 names a scheme to authenticate with, and the one that is meant (RFC 9110 §11.6.1). */
export function challengeOf(exchanges: readonly Exchange[], keyword: string) {
  const refused = exchanges.find((one) => one.status === 401);
  if (!refused) return "not seen";
  const header = refused.headers["www-authenticate"];
  if (header === undefined || header.trim() === "") return "missing";
  const schemes = [...header.matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^=\s]|\s*(?:,|$))/g)].map((one) =>
    (one[1] as string).toLowerCase(),
  );
  return keyword === "" || schemes.includes(keyword.toLowerCase()) ? "proper" : "other";
}
