import type { Effect, Guard } from "../effects/effect.ts";
import { sameTransaction } from "../effects/effect.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";

export const bearerUnlocked: SourceRule = {
  id: "bearer-check-then-act",
  weakness: "revocation-race",
  title: "a token's row is checked, and acted on when it may have been revoked",
  severity: "medium",
  why: "Between the check of the token and the write it may be revoked, and the revocation acknowledged. The effect then appears under a token that no longer permits it.",
  fix: "Check the token under a lock in the transaction that writes (select_for_update on the token's row, taken before the check); revoke under the same lock. Where a few minutes after a revocation are acceptable, use short-lived, verifiable tokens (a JWT with exp) and consult no row.",
  never: [
    "a token read with select_for_update() in the transaction that writes",
    "requests that write nothing",
  ],
  examples: {
    racy: [
      `def rename(request):
    token = Token.objects.get(key=request.headers["Authorization"])
    if not token.active:
        return HttpResponse(status=401)
    Profile.objects.filter(user=token.user).update(name=request.POST["name"])
`,
      `def rename(request):
    key = ApiKey.objects.filter(prefix=request.META.get("HTTP_X_API_KEY", "")[:8]).first()
    if key is None or key.revoked:
        return HttpResponse(status=401)
    Profile.objects.filter(user=key.user).update(name=request.POST["name"])
`,
    ],
    safe: [
      `@transaction.atomic
def rename(request):
    token = Token.objects.select_for_update().get(key=request.headers["Authorization"])
    if not token.active:
        return HttpResponse(status=401)
    Profile.objects.filter(user=token.user).update(name=request.POST["name"])
`,
      `def paid(request):
    event = verified(request.body, request.META["HTTP_X_SIGNATURE"])
    invoice = Invoice.objects.get(pk=event["invoice"])
    Payment.objects.create(invoice=invoice, amount=event["amount"])
`,
      `def count(request):
    visitor = Visitor.objects.get(agent=request.headers.get("User-Agent"))
    Visit.objects.create(visitor=visitor)
`,
      `def show(request):
    token = Token.objects.get(key=request.headers["Authorization"])
    return JsonResponse({"user": token.user.name})
`,
    ],
  },
  *find({ effects }) {
    for (const token of effects) {
      if (token.kind !== "fetch" || !token.row || !token.query?.deps.some(isCredential)) continue;
      const write = effects.find(
        (one) =>
          ["save", "update", "create", "delete"].includes(one.kind) &&
          one.seq > token.seq &&
          one.row !== token.row &&
          !one.deferred &&
          !isWithoutToken(one, token),
      );
      if (!write || (token.query.locked && sameTransaction(token.txns, write.txns))) continue;
      const test = write.guards.find((guard) => dependsOn(guard, token));
      yield explain(write, {
        message:
          "the token's row is read without a lock: a revocation may be acknowledged before this write takes effect",
        because: token.query.locked
          ? "the lock on the token ends before the write"
          : "nothing makes a revocation wait for this request",
        protection: { coverage: write.txns.length > 0 ? "atomic" : "none" },
        read: token.site,
        ...(test ? { test } : {}),
        interleaving: [
          "A checks   the token: valid",
          "B revokes  it, and is told so",
          "A writes   under a token that is revoked",
        ],
      });
    }
  },
};

/** Nothing was found: there is no token that could be revoked. */
function isWithoutToken({ guards, steps }: Effect, token: Effect): boolean {
  return guards.some((guard) => {
    if (guard.kind === "missing")
      return guard.deps.some((one) => one.kind === "query" && one.effect === token);
    const arm = guard.missing.get(token);
    return arm !== undefined && steps.some((one) => one.branch === guard.branch && one.arm === arm);
  });
}

/**
 * A value from the Authorization header, or one of that kind: not where a function asks for other headers only (a signature,
 * an address).
 */
function isCredential(atom: Effect["deps"][number]): boolean {
  if (atom.kind !== "field" || !/\.(headers|META)\b/.test(`${atom.row.key}.${atom.name}`)) return false;
  const named = [...atom.site.fn.text().matchAll(HEADER)].map(([, got, tested]) => got ?? tested ?? "");
  return named.length === 0 || named.some((one) => CREDENTIAL.test(one));
}

/** `request.META["HTTP_AUTHORIZATION"]`, `request.headers.get("X-Api-Key")`, `"X-Api-Key" in request.headers`. */
const HEADER =
  /\b(?:META|headers)(?:\.get\(|\[)\s*["']([\w-]+)["']|["']([\w-]+)["'] (?:not )?in [\w.]+\.(?:META|headers)\b/g;
const CREDENTIAL =
  /^(?!.*(idempotency|csrf|xsrf)).*(auth|token|key|secret|bearer|session|cookie|credential|jwt)/i;

function dependsOn(guard: Guard, token: Effect): boolean {
  return guard.deps.some((atom) => (atom.kind === "query" ? atom.effect === token : atom.row === token.row));
}
