import { compatible, type Effect } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { WHOLE } from "../effects/values.ts";
import { isAct } from "./acts.ts";
import { explain } from "./explain.ts";
import type { SourceRule } from "./rule.ts";
import { spentByGet } from "./spent-by-get.ts";
import { takenOut } from "./taken-out.ts";

export const singleUse: SourceRule = {
  id: "single-use-without-claim",
  weakness: "single-use-code",
  title: "a row that may be used once is used, then deleted",
  severity: "medium",
  why: "Two requests with the same code both find the row, both use what is in it, and both delete it. The delete that finds nothing says so to nobody.",
  fix: "Delete first, by filter(…).delete(), and go on only if it says that one row is gone; or read the row with select_for_update() in the transaction that deletes it.",
  never: [
    "a delete whose count is tested before the use",
    "a row read under a lock",
    "a delete that nothing depends on",
  ],
  examples: {
    racy: [
      `def accept(request, code):
    invite = Invite.objects.get(code=code)
    Membership.objects.create(user=request.user, team=invite.team)
    invite.delete()
`,
      `@transaction.atomic
def join(invite, *, user):
    team = invite.team
    team.members.add(user)
    invite.delete()
`,
    ],
    safe: [
      `@transaction.atomic
def accept(request, code):
    invite = Invite.objects.select_for_update().get(code=code)
    Membership.objects.create(user=request.user, team=invite.team)
    invite.delete()
`,
      `@transaction.atomic
def join(invite, *, user):
    invite = Invite.objects.select_for_update().filter(pk=invite.pk).first()
    if invite is None:
        return
    team = invite.team
    team.members.add(user)
    invite.delete()
`,
      `def logout(request):
    request._auth.delete()
    user_logged_out.send(sender=request.user.__class__, request=request)
`,
    ],
  },
  *find(context) {
    yield* takenOut(context);
    yield* spentByGet(context);
    const { effects, program } = context;
    for (const removal of effects) {
      const { row } = removal;
      if (removal.kind !== "delete" || !row || removal.loop > 0) continue;
      // One that was given was read by somebody: callers say whether under a lock.
      if (!row.fetch && (row.origin !== "parameter" || row.parent)) continue;
      const used = effects.find(
        (one) =>
          one.seq > (row.fetch?.seq ?? 0) &&
          usesRow(one, row.key) &&
          // Whoever looks at what `delete()` says, may go on only where it was the one that deleted.
          !(removal.tested && one.seq > removal.seq) &&
          isAct(one, removal) &&
          compatible(one.steps, removal.steps),
      );
      if (!used || used.handlers.some((one) => /IntegrityError/.test(one))) continue;
      const protection = protectionOf(effects, row, removal, program.models);
      if (protects(protection)) continue;
      yield explain(removal, {
        message: "what the row holds is used, then the row is deleted: two requests can both use it",
        protection,
        row,
        also: [used],
        confidence: "low",
        severity: /^(create|mint|command)$/.test(used.kind) ? "medium" : "low",
      });
    }
  },
};

/** A create or grant made of what the row holds. */
function usesRow(effect: Effect, key: string): boolean {
  // `invite.team.members.add(user)`.
  if (/\.add$/.test(effect.name) && reaches(effect, key)) return true;
  if (!["create", "mint", "update", "save"].includes(effect.kind)) return false;
  return effect.deps.some(
    (atom) => atom.kind === "field" && atom.row.key === key && atom.name !== "*" && atom.name !== WHOLE,
  );
}

/** A relation of a row behind the one with `key`. */
function reaches({ query, row }: Effect, key: string): boolean {
  const from = query?.owner?.row.key ?? row?.key;
  return from?.startsWith(`${key}.`) ?? false;
}
