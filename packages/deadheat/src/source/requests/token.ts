import type { Effect, Guard } from "../effects/effect.ts";
import type { PathStep } from "../rules/rule.ts";
import { checksOf, holdsCredential, isLookUp, isOfCredentialRow, writesOf } from "./effects.ts";
import type { RequestRule } from "./rule.ts";
import type { RequestTrace } from "./trace.ts";

export const tokenThenAct: RequestRule = {
  id: "authenticated-then-act",
  weakness: "revocation-race",
  title: "the token is checked before the write, and may be revoked in between",
  severity: "low",
  why: "The authenticator, a decorator or the view itself reads the token in a statement of its own, and nothing holds it. A revocation that is acknowledged before the write takes effect does not stop it.",
  fix: "In the transaction that writes, lock the token's row (or take the lock that the revocation takes), check it again, then write; read the body before. Where a few minutes after a revocation are acceptable, use short-lived, verifiable tokens (a JWT with exp) and consult no row.",
  never: [
    "a handler that locks the token's row, or its user's, in the transaction that writes",
    "a handler that writes under an advisory lock",
    "requests that write nothing",
  ],
  examples: {
    racy: [
      `class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        key = ApiKey.objects.filter(secret=request.headers["Authorization"]).first()
        if key is None or key.revoked:
            raise AuthenticationFailed()
        return key.owner, key


class Rename(APIView):
    authentication_classes = [KeyAuthentication]

    def post(self, request):
        with transaction.atomic():
            Profile.objects.filter(owner=request.user).update(name=request.data["name"])


urlpatterns = [path("name/", Rename.as_view())]
`,
      `def token_required(view):
    def wrapper(request, *args, **kwargs):
        token = Token.objects.filter(key=request.headers["Authorization"]).first()
        if token is None:
            return HttpResponse(status=401)
        request.user = token.user
        return view(request, *args, **kwargs)
    return wrapper


@token_required
def rename(request):
    Profile.objects.filter(owner=request.user).update(name=request.POST["name"])


urlpatterns = [path("name/", rename)]
`,
    ],
    safe: [
      `class Rename(APIView):
    authentication_classes = [TokenAuthentication]

    def post(self, request):
        name = request.data["name"]
        with transaction.atomic():
            if not Token.objects.select_for_update().filter(pk=request.auth.pk).exists():
                raise AuthenticationFailed()
            Profile.objects.filter(owner=request.user).update(name=name)


urlpatterns = [path("name/", Rename.as_view())]
`,
      `class Show(APIView):
    authentication_classes = [TokenAuthentication]

    def post(self, request):
        return Response(Profile.objects.filter(owner=request.user).values())


urlpatterns = [path("name/", Show.as_view())]
`,
    ],
  },
  find(trace) {
    const checks = checksOf(trace);
    const { authentication } = trace;
    if (!authentication && checks.length === 0) return undefined;
    const writes = writesOf(trace);
    const write = writes.find((one) => !checks.some((check) => isEndOf(one, check)));
    const [check] = checks;
    if (!write || (check && check.seq > write.seq) || holdsCredential(trace, write)) return undefined;
    const test = check && write.guards.find((one) => isAbout(one, checks));
    const again = recheck(trace, write);
    return {
      write,
      path: [
        ...readSteps(trace, check),
        ...(test ? [{ role: "test" as const, site: test.site }] : []),
        ...(again ? [{ role: "read" as const, site: again.site, note: "once more, without a lock" }] : []),
        { role: "write", site: write.site },
      ],
      message: "the token may be revoked between its check and this write, and the revocation acknowledged",
      because: again
        ? "the second check locks nothing either: the revocation may commit between it and the write"
        : write.txns.length > 0
          ? "the transaction begins after the check, and locks neither the token's row nor its user's"
          : "nothing makes a revocation wait for this request: there is no transaction and no lock",
      interleaving: [
        "A checks   the token: valid",
        "B revokes  it, and is told so",
        "A writes   under a token that is revoked",
      ],
    };
  },
};

function readSteps({ authentication }: RequestTrace, check: Effect | undefined): PathStep[] {
  const role = check && !isLookUp(check) ? ("authentication" as const) : ("read" as const);
  if (check) return [{ role: authentication ? "authentication" : role, site: check.site }];
  return authentication?.site ? [{ role: "authentication", site: authentication.site }] : [];
}

/** To log out, or to spend a code, ends what was looked up itself. */
function isEndOf(write: Effect, check: Effect): boolean {
  return check.row !== undefined && (write.row?.key === check.row.key || write.key === check.row.key);
}

function isAbout(guard: Guard, checks: readonly Effect[]): boolean {
  return guard.deps.some((atom) =>
    atom.kind === "query"
      ? checks.includes(atom.effect)
      : atom.row.fetch !== undefined && checks.includes(atom.row.fetch),
  );
}

/** A second look at the credential in the handler, which holds nothing. */
function recheck({ effects, handlerFrom, authentication }: RequestTrace, write: Effect): Effect | undefined {
  if (!authentication) return undefined;
  return effects.find(
    (one) =>
      one.query !== undefined &&
      one.seq > handlerFrom &&
      one.seq < write.seq &&
      ["fetch", "exists", "count", "list"].includes(one.kind) &&
      (isLookUp(one) || one.query.deps.some(isOfCredentialRow)),
  );
}
