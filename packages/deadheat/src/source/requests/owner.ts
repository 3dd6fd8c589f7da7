import type { Effect, Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { type Atom, columnOf, type Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { asksForCaller, checksOf, writesOf } from "./effects.ts";
import type { RequestRule } from "./rule.ts";

export const ownerThenAct: RequestRule = {
  id: "owner-then-act",
  weakness: "ownership-race",
  title: "whose a row is is checked before the write, and may change in between",
  severity: "low",
  why: "A row is read without a lock, found to be the caller's, and written. If it is given to somebody else in between, the old owner's change still lands in it.",
  fix: "Read the row with select_for_update() in the transaction that writes, or name the owner in the condition of the write: filter(pk=…, owner=user).update(…), and test the number of rows.",
  never: [
    "a row that is read with select_for_update() in the transaction that writes",
    "an update() that asks for the owner itself",
    "a delete() that asks for the owner itself",
  ],
  examples: {
    racy: [
      `class Document(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)


def replace(request, id):
    document = Document.objects.get(pk=id)
    if document.owner_id != request.user.pk:
        raise PermissionDenied()
    document.text = request.POST["text"]
    document.save(update_fields=["text"])


urlpatterns = [path("documents/<int:id>/", replace)]
`,
      `def replace(request, id):
    document = get_object_or_404(Document, pk=id, owner=request.user)
    document.text = request.POST["text"]
    document.save(update_fields=["text"])


urlpatterns = [path("documents/<int:id>/", replace)]
`,
    ],
    safe: [
      `@transaction.atomic
def replace(request, id):
    document = get_object_or_404(Document.objects.select_for_update(), pk=id, owner=request.user)
    document.text = request.POST["text"]
    document.save(update_fields=["text"])


urlpatterns = [path("documents/<int:id>/", replace)]
`,
      `def replace(request, id):
    Document.objects.filter(pk=id, owner=request.user).update(text=request.POST["text"])


urlpatterns = [path("documents/<int:id>/", replace)]
`,
    ],
  },
  find(trace) {
    const { effects, program } = trace;
    const checks = checksOf(trace);
    for (const write of writesOf(trace)) {
      if (write.kind === "create" || asksForCaller(write, checks)) continue;
      const row = rowOf(write, effects);
      if (!row?.fetch || row.fetch.seq < trace.handlerFrom || checks.includes(row.fetch)) continue;
      const guard = write.guards.find((one) => testsOwner(one, row, program.models));
      if (!guard && !asksForCaller(row.fetch, checks)) continue;
      if (protects(protectionOf(effects, row, write, program.models))) continue;
      return {
        write,
        path: [
          { role: "read", site: row.fetch.site },
          ...(guard ? [{ role: "test" as const, site: guard.site }] : []),
          { role: "write", site: write.site },
        ],
        message: "the row may be given to somebody else between the check of its owner and this write",
        because:
          write.txns.length > 0
            ? "transaction.atomic() takes no lock: who owns the row may change between its read and the write"
            : "nothing makes a change of owner wait: there is no transaction and no lock, and the write does not name the owner",
        interleaving: [
          "A checks   whose the row is: the caller's",
          "B gives    it to somebody else, and is told so",
          "A writes   into what is not the caller's any more",
        ],
      };
    }
    return undefined;
  },
};

/** The row that is written, as it was read. */
function rowOf(write: Effect, effects: readonly Effect[]): Row | undefined {
  if (write.row) return write.row;
  return effects.find((one) => one.kind === "fetch" && one.seq < write.seq && one.row?.key === write.key)
    ?.row;
}

/** `document.owner_id != user.pk`: a column of the row that says which user. */
function testsOwner(guard: Guard, row: Row, models: Models): boolean {
  return guard.deps.some((atom) => isOwner(atom, row, models));
}

function isOwner(atom: Atom, row: Row, models: Models): boolean {
  if (atom.kind !== "field" || atom.row.key !== row.key || !row.model) return false;
  const field = models.fields(row.model).get(columnOf(atom.name));
  return sameModel(field?.target, models.user());
}
