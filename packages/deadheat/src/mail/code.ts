/** A run of 4 to 10 digits, or two groups of three, that stands alone: no part of a link, a word or an amount. */
const DIGITS = /(?<![\w/.,=&?#@:+-])(\d{4,10}|\d{3}[ -]\d{3})(?![\w/@=]|[.,-]\d)/g;
const NAMED = /code|\bpin\b|otp|one-time|verif|confirm/gi;
const IN_LINK = /[?&](?:token|code)=([^\s&#"'<>)\]]+)/gi;
/** How far a word may be from the digits that it is about, in characters. */
const NEAR = 60;
/** A mail with more numbers than this is no mail with a code. */
const MOST = 500;

/**
 * The code in a mail: the first group of `pattern`; without one, the digits nearest to a word such as "code", else the
 * last `token=` or `code=` of a link, else the first digits. "© 2025" beside a link is not a code, which is why
 * the word counts.
 */
export function codeIn(text: string, pattern?: string): string | undefined {
  if (pattern !== undefined) return new RegExp(pattern).exec(text)?.[1] || undefined;
  const digits = [...text.matchAll(DIGITS)].slice(0, MOST);
  const words = [...text.matchAll(NAMED)].slice(0, MOST);
  const near = digits
    .map((run) => ({ run, gap: Math.min(...words.map((word) => gapBetween(word, run))) }))
    .filter(({ gap }) => gap <= NEAR)
    .sort((a, b) => a.gap - b.gap)[0];
  if (near) return bare(near.run[1]);
  const link = [...text.matchAll(IN_LINK)].at(-1)?.[1];
  return link === undefined ? bare(digits[0]?.[1]) : decoded(link);
}

function gapBetween(a: RegExpExecArray, b: RegExpExecArray): number {
  const [first, second] = a.index < b.index ? [a, b] : [b, a];
  return second.index - (first.index + first[0].length);
}

/** `123 456` is written so to be read, not to be typed. */
function bare(digits: string | undefined): string | undefined {
  return digits?.replace(/\D/g, "");
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
