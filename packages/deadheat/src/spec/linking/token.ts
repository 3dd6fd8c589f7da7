import { nounOf } from "../facts/words.ts";
import { givenToken } from "../lifecycle/tokens.ts";
import type { LinkSource } from "./request.ts";

const TOKEN = /^((access|auth|session|login|bearer|user)?token|sessionid|sid)$/;
/** Where a token stands in a path that is the one which a login gave. */
const ABOUT = /^(auth|authentication|login|logout|signout|session|token|accesstoken|oauth|oauth2)$/;

/** `DELETE /auth/logout/{token}`: the only login of the document gives it. */
export const fromTokenEndpoint: LinkSource = ({ consumer, parameter, container }, catalogue) => {
  if (!TOKEN.test(parameter.replace(/[^A-Za-z]/g, "").toLowerCase())) return undefined;
  if (!ABOUT.test(nounOf(container.slice(container.lastIndexOf("/") + 1)))) return undefined;
  const part = catalogue.lifecycleOf(consumer);
  if (part !== undefined && part !== "revoke" && part !== "refresh") return undefined;
  const [only, other] = catalogue.logins;
  const given = only && only !== consumer && givenToken(only);
  if (!given || other) return undefined;
  return { producer: only, via: "token-endpoint", pointer: given.pointer };
};
