import { isArithmetic } from "./acts.ts";
import { askedThenRead } from "./asked-then-read.ts";
import { claimedTogether } from "./claimed-together.ts";
import { deletedAfterTest } from "./deleted-after-test.ts";
import { deletedTwice } from "./deleted-twice.ts";
import { deletedWhenEmpty } from "./deleted-when-empty.ts";
import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";
import { setByName } from "./set-by-name.ts";
import { memberToggled, toggled } from "./toggled.ts";

export const checkThenAct: SourceRule = {
  id: "check-then-act",
  weakness: "limit-overrun",
  title: "the state of a row is tested, acted on, and changed",
  severity: "medium",
  why: "Two requests test the same state before either changes it. Both go on, and what was meant to happen once happens twice.",
  fix: "Test and change in one statement, Model.objects.filter(pk=row.pk, state=OLD).update(state=NEW), and go on only if it changed one row; or test on a row read with select_for_update() inside transaction.atomic(). A row that is only to be there is asked for and read in one: first().",
  never: [
    "a conditional `update()` whose filter names the tested column",
    "a row read under a lock in the transaction that changes it",
    "a change without consequences, to a state that no caller chooses: written twice it is the same",
  ],
  examples: {
    racy: [
      `def redeem(request, pk):
    coupon = Coupon.objects.get(pk=pk)
    if coupon.used:
        return HttpResponse(status=409)
    coupon.used = True
    coupon.save()
    Credit.objects.create(user=request.user, amount=coupon.amount)
`,
      `def pay(order, gateway):
    if order.status == "open":
        gateway.charge(order)
        order.status = "paid"
        order.save(update_fields=["status"])
`,
      `def run(self):
    job = Job.objects.filter(started=None).first()
    job.started = timezone.now()
    job.save()
    send_mail("started", job.name, None, [job.owner])
`,
      `def report(invoice, ledger):
    payments = invoice.payments.filter(state="settled")
    if not payments:
        return
    ledger.book(invoice)
    payments.update(state="booked")
`,
      `def like(request, pk):
    like, created = Like.objects.get_or_create(photo_id=pk, user=request.user)
    if not created:
        like.delete()
`,
      `def remove(pk):
    found = Stock.objects.filter(pk=pk)
    if not found.exists():
        return
    stock = found[0]
    stock.delete()
`,
    ],
    safe: [
      `@transaction.atomic
def report(invoice, ledger):
    payments = invoice.payments.filter(state="settled").select_for_update()
    if not payments:
        return
    ledger.book(invoice)
    payments.update(state="booked")
`,
      `def read(request):
    notices = request.user.notices.filter(seen=False)
    answer = [notice.text for notice in notices]
    notices.update(seen=True)
    return JsonResponse({"notices": answer})
`,
      `def redeem(request, pk):
    coupon = Coupon.objects.get(pk=pk)
    if Coupon.objects.filter(pk=coupon.pk, used=False).update(used=True) != 1:
        return HttpResponse(status=409)
    Credit.objects.create(user=request.user, amount=coupon.amount)
`,
      `@transaction.atomic
def redeem(request, pk):
    coupon = Coupon.objects.select_for_update().get(pk=pk)
    if coupon.used:
        return HttpResponse(status=409)
    coupon.used = True
    coupon.save()
    Credit.objects.create(user=request.user, amount=coupon.amount)
`,
      `def verify(request, pk):
    account = Account.objects.get(pk=pk)
    if not account.verified:
        account.verified = True
        account.save(update_fields=["verified"])
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["none"],
      ["state", "claim", "take"],
      (gap) =>
        gap.kind === "state" &&
        gap.acts.length === 0 &&
        !isArithmetic(gap.write.fields?.get(gap.column)?.value)
          ? `${gap.column} is tested, then set to what was asked for: of two that pass the test, the second replaces what the first has set`
          : MESSAGES[gap.kind as keyof typeof MESSAGES](gap.column),
      (gap) => !gap.testedOutside,
    );
    yield* claimedTogether(context);
    yield* setByName(context);
    yield* toggled(context);
    yield* memberToggled(context);
    yield* deletedWhenEmpty(context);
    yield* deletedAfterTest(context);
    yield* deletedTwice(context);
    yield* askedThenRead(context);
  },
};

const MESSAGES = {
  state: (column: string) =>
    `${column} is tested, then changed: two requests can both pass the test, and what follows happens twice`,
  claim: (column: string) =>
    `the row is looked for by ${column}, which is changed afterwards: two can pick the same row`,
  take: (column: string) => `${column} is used and then replaced: two requests can both use the same one`,
};
