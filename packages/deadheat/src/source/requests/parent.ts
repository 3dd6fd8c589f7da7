import { type Effect, precedes } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { columnOf, type Row } from "../effects/values.ts";
import { sameModel } from "../project/model.ts";
import type { Models } from "../project/models.ts";
import { checksOf, isOfCaller, writesOf } from "./effects.ts";
import type { RequestRule } from "./rule.ts";

export const parentThenAct: RequestRule = {
  id: "parent-then-act",
  weakness: "use-after-delete",
  title: "a row is looked up before the write that relies on it, and may be deleted in between",
  severity: "low",
  why: "The row is read without a lock, and then saved, or something is made that belongs to it. If it is deleted in between, save() writes it anew, and what is made belongs to nothing.",
  fix: "Read the row with select_for_update() in the transaction that writes, or let a foreign key of the database keep it; change it with update() and test the number of rows, and not with save(), which inserts what it does not find.",
  never: [
    "a row that is read with select_for_update() in the transaction that writes",
    "an update(), or a save() with update_fields: neither makes a row anew",
    "what is made under it by a foreign key: the database refuses that",
  ],
  examples: {
    racy: [
      `def redeem(request, code):
    coupon = Coupon.objects.get(code=code)
    coupon.redeemed = True
    coupon.save()


urlpatterns = [path("coupons/<str:code>/", redeem)]
`,
      `class Comment(models.Model):
    article_id = models.IntegerField()


def comment(request, id):
    article = get_object_or_404(Article, pk=id)
    Comment.objects.create(article_id=article.pk, text=request.POST["text"])


urlpatterns = [path("articles/<int:id>/comments/", comment)]
`,
    ],
    safe: [
      `@transaction.atomic
def redeem(request, code):
    coupon = Coupon.objects.select_for_update().get(code=code)
    coupon.redeemed = True
    coupon.save()


urlpatterns = [path("coupons/<str:code>/", redeem)]
`,
      `class Comment(models.Model):
    article = models.ForeignKey("Article", on_delete=models.CASCADE)


def comment(request, id):
    article = get_object_or_404(Article, pk=id)
    Comment.objects.create(article=article, text=request.POST["text"])


urlpatterns = [path("articles/<int:id>/comments/", comment)]
`,
    ],
  },
  find(trace) {
    const { effects, program } = trace;
    const { models } = program;
    const checks = checksOf(trace);
    for (const write of writesOf(trace)) {
      const read = effects.find(
        (one) =>
          one.kind === "fetch" &&
          one.seq > trace.handlerFrom &&
          precedes(one, write) &&
          !checks.includes(one) &&
          one.row !== undefined &&
          reliesOn(write, one.row, models) &&
          !(isOfCaller(one.row, checks) && write.kind === "create") &&
          !protects(protectionOf(effects, one.row, write, models)),
      );
      if (!read) continue;
      return {
        write,
        path: [
          { role: "read", site: read.site },
          { role: "write", site: write.site },
        ],
        message: "the row may be deleted between its look-up and this write",
        because:
          write.kind === "save"
            ? "save() inserts the row again where it is gone, and nothing makes a delete wait"
            : "nothing makes a delete wait, and no foreign key refuses what is made",
        interleaving: [
          "A reads    the row: it is there",
          "B deletes  it, and is told so",
          "A writes   as if it were there",
        ],
      };
    }
    return undefined;
  },
};

/** Would `write` leave something behind that the row's deletion has not seen? */
function reliesOn(write: Effect, row: Row, models: Models): boolean {
  if (write.kind === "save") return write.row?.key === row.key && write.columns === undefined;
  if (write.kind !== "create") return false;
  for (const [name, { value }] of write.fields ?? []) {
    if (value.kind !== "row" || (value.key !== row.key && value.parent?.row.key !== row.key)) continue;
    const field = write.model && models.fields(write.model).get(columnOf(name));
    if (!field?.target || !sameModel(field.target, row.model)) return true;
  }
  return false;
}
