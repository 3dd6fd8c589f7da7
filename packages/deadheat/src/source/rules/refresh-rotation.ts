import { compatible, type Effect } from "../effects/effect.ts";
import { protects, queryProtection } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const refreshRotation: SourceRule = {
  id: "refresh-rotation",
  weakness: "refresh-reuse",
  title: "a token is retired without looking at whether it still could be, and a new one is issued",
  severity: "high",
  why: "Two refreshes with the same token both pass its check. Both retire it (the second time nothing happens, and nobody looks) and both get a successor: one stolen token lives on beside the real one.",
  fix: "Let retiring be the claim: a conditional update or a get_or_create whose outcome decides whether a successor is issued, in one transaction. Short-lived, verifiable tokens (a JWT with exp) need no row at all where a few minutes of validity after a logout are acceptable.",
  never: ["a rotation whose claim is tested", "a rotation under a lock on the token's row"],
  examples: {
    racy: [
      `class RefreshSerializer(Serializer):
    def validate(self, attrs):
        refresh = self.token_class(attrs["refresh"])
        data = {"access": str(refresh.access_token)}
        refresh.blacklist()
        refresh.set_jti()
        refresh.set_exp()
        data["refresh"] = str(refresh)
        return data
`,
    ],
    safe: [
      `class RefreshSerializer(Serializer):
    def validate(self, attrs):
        refresh = self.token_class(attrs["refresh"])
        token, created = refresh.blacklist()
        if not created:
            raise InvalidToken()
        refresh.set_jti()
        refresh.set_exp()
        return {"refresh": str(refresh)}
`,
    ],
  },
  *find({ effects }) {
    for (const spend of effects) {
      if (spend.kind !== "spend" || spend.tested) continue;
      const mint = effects.find(
        (one) => isIssued(one) && one.seq > spend.seq && compatible(one.steps, spend.steps),
      );
      if (!mint) continue;
      const protection = queryProtection(effects, spend, mint);
      if (protects(protection)) continue;
      yield explain(spend, {
        message:
          "the old token is retired, nobody looks at whether it still could be, and a successor is issued",
        because: "whether this request was the one that retired the token is not asked",
        protection,
        also: [mint],
        interleaving: [
          "A checks   the refresh token: valid",
          "B checks   the same token: valid",
          "A retires  it and issues a successor",
          "B retires  it again, which changes nothing, and issues another",
        ],
      });
    }
  },
};

/** Also as a row: `RefreshToken(user=user, token=…).save()`. */
function isIssued({ kind, model }: Effect): boolean {
  return kind === "mint" || (kind === "create" && /Refresh\w*Token$/.test(model?.name ?? ""));
}
