import type { Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import type { Atom } from "../effects/values.ts";
import { SAYS_WHO } from "../facts/authenticators.ts";
import { checksOf, isOfCaller, writesOf } from "./effects.ts";
import type { RequestRule } from "./rule.ts";

export const roleThenAct: RequestRule = {
  id: "role-then-act",
  weakness: "demotion-race",
  title: "what the caller may do is looked up before the write, and may be taken away in between",
  severity: "low",
  why: "A role, a membership or a flag of the user is read without a lock, tested, and acted upon. Who is demoted in between still does what only the old role may.",
  fix: "Read the role with select_for_update() (FOR SHARE is enough) in the transaction that writes, and change roles under the same lock; read the body before.",
  never: [
    "a role that is read with select_for_update() in the transaction that writes",
    "is_authenticated: that is about the token",
  ],
  examples: {
    racy: [
      `def post_notice(request, team):
    member = Membership.objects.get(team=team, user=request.user)
    if member.role != "editor":
        raise PermissionDenied()
    Notice.objects.create(team_id=team, text=request.POST["text"])


urlpatterns = [path("teams/<int:team>/notices/", post_notice)]
`,
    ],
    safe: [
      `@transaction.atomic
def post_notice(request, team):
    member = Membership.objects.select_for_update().get(team=team, user=request.user)
    if member.role != "editor":
        raise PermissionDenied()
    Notice.objects.create(team_id=team, text=request.POST["text"])


urlpatterns = [path("teams/<int:team>/notices/", post_notice)]
`,
    ],
  },
  find(trace) {
    const { effects, program } = trace;
    const checks = checksOf(trace);
    for (const write of writesOf(trace))
      for (const guard of write.guards) {
        const atom = guard.deps.find((one) => isRole(one, checks));
        if (atom?.kind !== "field") continue;
        const { row } = atom;
        if (row.key === write.row?.key || row.key === write.key) continue;
        if (protects(protectionOf(effects, row, write, program.models))) continue;
        return {
          write,
          path: [
            ...(row.fetch ? [{ role: "read" as const, site: row.fetch.site }] : []),
            { role: "test", site: guard.site },
            { role: "write", site: write.site },
          ],
          message: `the caller's ${atom.name} may be taken away between its test and this write`,
          because: becauseOf(guard, write.txns.length > 0),
          interleaving: [
            "A tests    the caller's role: enough",
            "B takes    it away, and is told so",
            "A writes   what the role no longer allows",
          ],
        };
      }
    return undefined;
  },
};

/** A column of the caller's, which is not the token's own nor says who it is. */
function isRole(atom: Atom, checks: Parameters<typeof isOfCaller>[1]): boolean {
  if (atom.kind !== "field" || atom.name === "*" || SAYS_WHO.test(atom.name)) return false;
  const { row } = atom;
  if (row.origin === "principal" && row.key === "request.auth") return false;
  if (row.fetch && checks.includes(row.fetch)) return false;
  return isOfCaller(row, checks);
}

function becauseOf(guard: Guard, inTransaction: boolean): string {
  if (!inTransaction) return "nothing makes a change of the role wait: there is no transaction and no lock";
  return guard.txns.length > 0
    ? "the role is read without a lock: it may be changed between its test and the write"
    : "the role is tested before the transaction that writes, and locked nowhere";
}
