import { compatible, type Effect, precedes } from "../effects/effect.ts";
import { protectionOf, protects, queryProtection } from "../effects/protection.ts";
import { columnOf } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import { isIntegrityHandled } from "./creation.ts";
import { explain } from "./explain.ts";
import type { Candidate, RuleContext, SourceRule } from "./rule.ts";

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
      `def renew(request):
    old = Token.objects.get(key=request.POST["key"])
    user = old.user
    old.delete()
    return JsonResponse({"key": Token.objects.create(user=user).key})
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
  *find(context) {
    const { effects } = context;
    yield* tokenReplaced(context);
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

/**
 * `Token.objects.get(key=key).delete()`, then `Token.objects.create(user=user)`: of two who have found the old one, the second
 * deletes nothing, and nobody asks `delete()` for the number.
 */
function* tokenReplaced({ effects, program: { models } }: RuleContext): Generator<Candidate> {
  for (const gone of effects) {
    const { row, model } = gone;
    if (gone.kind !== "delete" || gone.tested || row?.fetch?.kind !== "fetch") continue;
    if (!model || !IS_TOKEN.test(model.name)) continue;
    const made = effects.find(
      (one) => one.kind === "create" && sameModel(one.model, model) && precedes(gone, one),
    );
    if (!made || isIntegrityHandled(made)) continue;
    const protection = protectionOf(effects, row, gone, models);
    // (What is deleted with a row that is locked, or was, is not what decides who may have the next one.)
    if (!/^(none|atomic)$/.test(protection.coverage) || gone.trail[0] !== made.trail[0]) continue;
    const given = new Set(made.lookups?.map(columnOf));
    const isRefused = models
      .uniqueSets(model)
      .some((set) => set.fields.length > 0 && set.fields.every((one) => given.has(columnOf(one))));
    yield explain(gone, {
      message: "the old token is deleted, nobody looks at whether it was still there, and a new one is made",
      because: isRefused
        ? "a unique constraint refuses the second one, and nobody handles the IntegrityError"
        : "delete() says how many rows it has deleted, and that is not asked",
      protection,
      row,
      also: [made],
      ...(isRefused ? { severity: "low" as const } : { severity: "medium" as const }),
      interleaving: [
        "A reads    the token by its key",
        "B reads    the same token",
        "A deletes  it and makes a new one",
        "B deletes  it again, which changes nothing, and makes another",
      ],
    });
  }
}

const IS_TOKEN = /(Token|Key|Secret)$/;

/** Also as a row: `RefreshToken(user=user, token=…).save()`. */
function isIssued({ kind, model }: Effect): boolean {
  return kind === "mint" || (kind === "create" && /Refresh\w*Token$/.test(model?.name ?? ""));
}
