/** `createUserSession`, `create_user_session`, `/user-sessions/` → `create user session`, in lower case. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9$]+/)
    .filter((word) => word !== "");
}

/** `coupon` for `coupons`, `category` for `categories`, `status` for `statuses`. */
export function singular(word: string): string {
  if (/(ss|us|is)$/i.test(word) || word.length < 4) return word;
  return word
    .replace(/ies$/i, "y")
    .replace(/(ss|us|x|ch|sh)es$/i, "$1")
    .replace(/([^s])s$/i, "$1");
}

/** A name without case and separators, so that `site_id`, `siteId` and `site-id` are one. */
export function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}

/** What a path segment is about, in the singular and without separators: `deploykey` for `deploy-keys`. */
export function nounOf(segment: string): string {
  const words = wordsOf(segment);
  const last = words.pop();
  return last === undefined ? "" : [...words, singular(last)].join("");
}

/** A path segment that says no more than "make one": `/registrations/request`, `/orders/create`. */
export function isMaking(segment: string): boolean {
  return /^(create|new|add|request|register|submit|upload|import|insert)$/.test(wordsOf(segment).join(" "));
}

/** A path without a format at its end: `/posts/{id}` for `/posts/{id}.json`. */
export function withoutFormat(path: string): string {
  return path.replace(/\.(json|xml|yaml|csv|\{format\})$/i, "");
}

/** Segments of a path without its parameters. */
export function staticSegments(path: string): string[] {
  return withoutFormat(path)
    .split("/")
    .filter((part) => part !== "" && !part.includes("{"));
}
