import { type Described, lastSegment } from "../facts/described.ts";
import { wordsOf } from "../facts/words.ts";
import { codeField } from "./codes.ts";
import type { LifecycleRule } from "./rule.ts";
import { isPassword, saidOf } from "./tokens.ts";

const CHANGES = /\b(changes?|updates?|sets?|modify|edit|replaces?|resets?)\b/;

/** Sets another password for who has the old one, or a session. */
export const password: LifecycleRule = {
  lifecycle: "password",
  evidence(one) {
    const { method } = one.operation;
    if (method === "GET" || method === "DELETE" || !isOfSomebody(one) || codeField(one)) return undefined;
    const passwords = one.takes.filter(
      (field) => field.depth <= 2 && isPassword(field) && !field.pointer.includes("/0"),
    );
    const [first] = passwords;
    if (!first) return asText(one);
    const old = passwords.find((field) => /^(current|old|existing|previous)/.test(field.plain));
    if (old && passwords.length >= 2)
      return [`takes ${old.pointer}`, `and ${passwords.find((field) => field !== old)?.pointer}`];
    const said = saidOf(one);
    const about = isAbout(one);
    const named =
      about ||
      /\b(change|update|set|reset) (an? |the |my |your |user |account |users |current )*password\b/.test(
        said,
      );
    return named && (CHANGES.test(said) || method !== "POST")
      ? [`takes ${first.pointer}`, "is called after a change of passwords"]
      : undefined;
  },
};

const PERSON =
  /^(auth\w*|users?|accounts?|me|self|profile|members?|customers?|clients?|admins?|employees?|person|people|staff|contacts?|identit(y|ies)|login|security|session)$/;

/** `/users/{id}/password`, and not that of a disk or a network: `/disks/{id}/password`. */
function isOfSomebody({ template }: Described): boolean {
  if (!template.includes("{")) return true;
  const segments = template.split("/").filter(Boolean);
  const last = segments.findLastIndex((segment) => segment.includes("{"));
  const about = segments.slice(Math.max(last - 1, 0)).flatMap((one) => wordsOf(one.replace(/[{}]/g, "")));
  return about.some((word) => PERSON.test(word));
}

function isAbout(one: Described): boolean {
  return wordsOf(lastSegment(one)).some((word) => /^(password|passwd|passphrase)s?$/.test(word));
}

/** `PUT /password` whose body is the new one. */
function asText(one: Described): readonly string[] | undefined {
  return isAbout(one) && CHANGES.test(saidOf(one)) && one.takesText
    ? ["takes one text", "is called after a change of passwords"]
    : undefined;
}
