import type { Described } from "../facts/described.ts";
import type { Field } from "../facts/fields.ts";
import { plain } from "../facts/words.ts";

const CODE =
  /^(otp|totp|mfa|tfa|pin|oob|magic|reset|confirmation|confirm|verification|verify|activation|invite|invitation|recovery|password|passwordreset|resetpassword|email|emailverification|sms|security|auth|one ?time|onetime|temporary|login|sign ?in)?(code|token|otp|secret|key|ticket|hash|pin)$/;
const WHOLE =
  /^(valid)?(otp|totp|oobcode|passcode|onetimepassword|onetimecode|(otp|totp|mfa|emergency|backup|recovery)codes?)$|^(verification|confirmation|activation|recovery|reset)(string|value)$/;
/** Ends like one, and is spent by nobody. */
const OTHER =
  /^(key|pin|authkey|hash|token|authtoken|passwordhash|emailhash)$|country|postal|zip|area|currency|promo|coupon|client|api|refresh|access|idtoken|language|csrf|captcha|device|push|webhook/;

/** A one-time code that an operation takes, by its own name. */
export function codeField({ takes }: Described): Field | undefined {
  // The secret beside a client's id is that of a program.
  const ofProgram = takes.some((field) => /^client(id)?$/.test(field.plain));
  // In India a `pincode` is that of a post office.
  const ofAddress = takes.some((field) =>
    /^(state|district|city|town|village|address|street)/.test(field.plain),
  );
  const isOther = ({ plain }: Field) =>
    (ofProgram && plain === "secret") || (ofAddress && plain === "pincode");
  return takes.find((one) => one.depth <= 2 && isCodeName(one) && !isOther(one));
}

/** A one-time code that an answer shows. */
export function isGivenCode(field: Field): boolean {
  return isCodeName(field) && /(code|otp)s?$/.test(field.plain) && !/status|error|country/.test(field.plain);
}

/** Only called a token, a key or a hash: one where what is said of the operation makes it one. */
export function vagueCodeField({ takes }: Described): Field | undefined {
  return takes.find((field) => field.depth <= 2 && /^(token|key|hash|authtoken)$/.test(field.plain));
}

function isCodeName(field: Field): boolean {
  if (/error|status|address|country|currency|\/0\//i.test(field.pointer)) return false;
  if (field.type !== undefined && !/^(string|integer|number)$/.test(field.type)) return false;
  return WHOLE.test(field.plain) || (CODE.test(field.plain) && !OTHER.test(field.plain));
}

/** A query parameter that can only be a one-time code: `valid_otp`, `emergency_code`. */
export function codeInQuery({ parameters }: Described): string | undefined {
  return parameters.find((one) => one.place === "query" && WHOLE.test(plain(one.name)))?.name;
}
