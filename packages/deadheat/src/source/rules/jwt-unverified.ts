import type { Site } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const jwtUnverified: SourceRule = {
  id: "jwt-unverified",
  weakness: "token-unverified",
  title: "a JWT is decoded without checking its signature or expiry",
  severity: "high",
  why: "Anybody can write a token that says who they are. Without the signature it proves nothing; without exp it proves something forever.",
  fix: 'jwt.decode(token, key, algorithms=["RS256"], options={"require": ["exp"]}), with the algorithms named.',
  never: ["a decode with a key and named algorithms"],
  examples: {
    racy: [
      `def user_of(token):
    return jwt.decode(token, options={"verify_signature": False})["sub"]
`,
      `def user_of(token):
    return jwt.decode(token, KEY, algorithms=["HS256"], options={"verify_exp": False})["sub"]
`,
      `UNCHECKED = {"verify_signature": False}

def user_of(token):
    return jwt.decode(token, options=UNCHECKED)["sub"]
`,
    ],
    safe: [
      `def user_of(token):
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
`,
      `CHECKED = {"require": ["exp"]}

def user_of(token):
    return jwt.decode(token, KEY, algorithms=["HS256"], options=CHECKED)["sub"]
`,
    ],
  },
  *find({ effects }) {
    for (const effect of effects) {
      if (effect.kind !== "decode" || effect.trail.length > 0) continue;
      const text = callOf(effect.site);
      const unsigned =
        /verify_signature["']?\s*[:=]\s*False|\bverify\s*=\s*False|algorithms\s*=\s*\[?\s*["']none["']/.test(
          text,
        );
      const eternal = /verify_exp["']?\s*[:=]\s*False/.test(text);
      if (!unsigned && !eternal) continue;
      yield explain(effect, {
        message: unsigned
          ? "the signature is not checked: anybody can write such a token"
          : "exp is not checked: the token is valid forever",
        because: unsigned ? "the signature check is switched off" : "the expiry check is switched off",
        protection: { coverage: "none" },
        severity: unsigned ? "high" : "medium",
        confidence: "high",
        interleaving: [],
      });
    }
  },
};

/** The text of the call, and of the options that it names and the module or function writes out. */
function callOf({ fn, start, end }: Site): string {
  const { text } = fn.module.source;
  const call = text.slice(start, end);
  const name = /\boptions\s*=\s*([A-Za-z_]\w*)\s*[,)]/.exec(call)?.[1];
  if (!name) return call;
  const written = new RegExp(`^[ \\t]*${name}\\s*=\\s*(\\{[^}]*\\}|dict\\([^)]*\\))`, "m");
  return `${call} ${(written.exec(fn.text()) ?? written.exec(text))?.[1] ?? ""}`;
}
