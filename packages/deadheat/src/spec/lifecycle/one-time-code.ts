import { type Described, lastSegment } from "../facts/described.ts";
import { nounOf, plain } from "../facts/words.ts";
import { codeField, codeInQuery, isGivenCode, vagueCodeField } from "./codes.ts";
import type { LifecycleRule } from "./rule.ts";
import { givenToken, isName, isPassword, saidOf } from "./tokens.ts";

/** What is done with codes, and of what: both have to be said. */
const ACTS =
  /\b(verify|verification|confirm|confirmation|activate|activation|reset|forgot|forgotten|recover|recovery|resend|accept|redeems?|complete|magic|passwordless|challenge|setpassword|set password)\b/;
const OBJECTS =
  /\b(passwords?|setpassword|e mails?|emails?|phones?|sms|accounts?|otps?|totps?|mfa|tfa|2fa|two factor|codes?|sign ?up|registration|register|invitations?|invites?|link|users?|recovery|one time|login|passwordless)\b/;
/** Looks at a code and leaves it as it is. */
const LOOKS =
  /\b(check|checks|validate|validates|validity|introspect|is valid|exists|available|availability)\b/;
/** Of a code that a device shows (RFC 8628 §3.3). */
const APPROVES = /\b(authori[sz]es?|approves?|pairs?|pairing|activates?|connects?)\b/;
const FORGOTTEN =
  /\b(reset|forgot|forgotten|recover|recovery|set) ?(the |my |your |user )*(password|passwd)\b/;
/** What is sent once more, and is good once. */
const SENT =
  /\b(verification|verify|confirmation|confirm|activation|codes?|otp|invitations?|invites?|link|password|tokens?|magic)\b/;
const SOMEBODY = /(username|useremail|emailaddress|loginname)$/;
const TEMPORARY = /\b(temporary|one ?time|single ?use|short ?lived) (\w+ )?`?(code|token|secret)\b/;

/** Sends a code that is good once, or takes one. */
export const oneTimeCode: LifecycleRule = {
  lifecycle: "one-time-code",
  evidence(one, beside) {
    const { method } = one.operation;
    if (LOOKS.test(saidOf(one))) return undefined;
    const strict = method === "GET" ? undefined : codeInQuery(one);
    if (strict && OBJECTS.test(saidOf(one)))
      return [`takes ${strict} in its query`, "is about codes that are good once"];
    if (method === "DELETE") return undefined;
    return spends(one) ?? (method === "POST" || method === "PUT" ? sends(one, beside) : undefined);
  },
};

function isAbout(text: string): boolean {
  return ACTS.test(text) && OBJECTS.test(text);
}

function spends(one: Described): readonly string[] | undefined {
  const { method } = one.operation;
  const spoken = saidOf(one);
  const inPath = codeInPath(one);
  if (inPath && method !== "GET" && (isAbout(spoken) || TEMPORARY.test(one.description)))
    return [`takes {${inPath}} in its path`, "is about codes that are good once"];
  const inQuery = method === "GET" ? vagueCodeInQuery(one) : undefined;
  if (inQuery && isAbout(spoken)) return [`takes ${inQuery} in its query`, "is called after what codes do"];
  if (method === "GET") return undefined;
  const approved = vagueCodeInQuery(one);
  if (approved && APPROVES.test(spoken))
    return [`takes ${approved} in its query`, "lets in what shows the same code"];
  if (isAbout(spoken) && /^(pin|code|otp|token)$/.test(nounOf(lastSegment(one))) && one.takesText)
    return ["takes one text", "is called after what codes do"];
  const code = codeField(one);
  const acts =
    isAbout(spoken) || (/secret|code|otp/.test(code?.plain ?? "") && isAbout(`${spoken} ${one.description}`));
  if (code && acts) return [`takes ${code.pointer}`, "is called after what codes do"];
  if (code && givenToken(one) && one.takes.length <= 4 && !one.takes.some(isPassword) && OBJECTS.test(spoken))
    return [`takes ${code.pointer}`, `answers with ${givenToken(one)?.pointer}`];
  const vague = vagueCodeField(one);
  const sets = one.takes.some((field) => field.depth <= 2 && isPassword(field));
  if (vague && (isAbout(spoken) || (sets && FORGOTTEN.test(spoken))) && !isRegistration(spoken))
    return [`takes ${vague.pointer}`, sets ? "sets a password" : "is called after what codes do"];
  return undefined;
}

function sends(one: Described, beside: readonly Described[]): readonly string[] | undefined {
  const spoken = saidOf(one);
  if (one.takes.some((field) => isPassword(field))) return undefined;
  const asks = one.takes.find(
    (field) => (isName(field) && field.plain !== "id") || SOMEBODY.test(field.plain),
  );
  const inPath = /\{(e-?mail|username|phone|login)\}/i.exec(one.template)?.[0];
  const asked =
    asks ?? one.takes.find((field) => /^(url|redirecturl|redirecturi|callbackurl)$/.test(field.plain));
  const requests =
    /\b(forgot|forgotten|magic|passwordless|recover password|password recovery)\b/.test(spoken) ||
    (/\bresend\b/.test(spoken) && SENT.test(spoken)) ||
    /\b(send|request|create|start|begin|reset|trigger|generate) (an? |the |new |account |user |email |e mail |phone |sms )*(password |reset |verification |confirmation |one time |login |sms |recovery |emergency |backup |mfa |otp )*(password|reset|verification|confirmation|code|otp|recovery|link)\b(?! of\b)/.test(
      spoken,
    );
  if (!requests || !OBJECTS.test(spoken)) return undefined;
  const spender = beside.find(
    (other) =>
      other !== one &&
      akin(one, other) &&
      (codeField(other) ?? vagueCodeField(other)) &&
      isAbout(saidOf(other)),
  );
  const given = (one.gives ?? []).find((field) => field.depth <= 2 && isGivenCode(field));
  if (given && !givenToken(one))
    return [`answers with ${given.pointer}`, "is called after the giving of a code"];
  if (
    one.operation.open &&
    one.operation.method === "POST" &&
    one.node.requestBody === undefined &&
    !one.template.includes("{")
  )
    return ["is open to all", "is called after the sending of a code"];
  if (inPath) return [`asks for ${inPath}`, "is called after the sending of a code"];
  if (asked && one.takes.filter((field) => field.required).length <= 2)
    return [
      `asks for ${asked.pointer}`,
      spender
        ? `${spender.operation.method} ${spender.template} takes what it sends`
        : "is called after the sending of a code",
    ];
  return spender
    ? [
        "is called after the sending of a code",
        `${spender.operation.method} ${spender.template} takes what it sends`,
      ]
    : undefined;
}

/** At one path, or side by side somewhere below the top. */
function akin(a: Described, b: Described): boolean {
  return a.template === b.template || /^\/.+\//.test(a.template);
}

function isRegistration(spoken: string): boolean {
  return /\b(register|sign ?up)\b/.test(spoken);
}

function codeInPath({ template }: Described): string | undefined {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
  return names.find((name) =>
    /^(code|token|otp|secret|(reset|verification|confirmation|activation|invite|invitation)?(token|code))$/.test(
      plain(name),
    ),
  );
}

function vagueCodeInQuery({ parameters }: Described): string | undefined {
  const isCode = (name: string) =>
    /^(code|token|otp|secret|key|(reset|verification|confirmation|activation)(token|code))$/.test(
      plain(name),
    );
  return parameters.find((one) => one.place === "query" && isCode(one.name))?.name;
}
