import { type Effect, precedes, sameTransaction } from "../effects/effect.ts";
import { writesOf } from "./effects.ts";
import type { RequestRule } from "./rule.ts";

export const writesApart: RequestRule = {
  id: "writes-apart",
  weakness: "missing-transaction",
  title: "a request writes twice, and nothing makes one change of it",
  severity: "low",
  why: "Each statement commits by itself. Whoever reads in between sees the first change without the second, and a failure in between leaves it at that for good.",
  fix: "Put both into one transaction.atomic() block.",
  never: [
    "writes in one transaction.atomic(), of the view, of its class or of the settings (ATOMIC_REQUESTS)",
    "writes of which a request makes one or the other",
    "a single write",
  ],
  examples: {
    racy: [
      `def move(request, source, target):
    Account.objects.filter(pk=source).update(balance=F("balance") - 1)
    Account.objects.filter(pk=target).update(balance=F("balance") + 1)


urlpatterns = [path("move/<int:source>/<int:target>/", move)]
`,
      `class Redeem(APIView):
    def post(self, request, code):
        with transaction.atomic():
            coupon = Coupon.objects.select_for_update().get(code=code)
            coupon.redeemed = True
            coupon.save()
        self.pay(request.user, coupon.value)

    def pay(self, user, value):
        Profile.objects.filter(user=user).update(credit=F("credit") + value)


urlpatterns = [path("coupons/<str:code>/", Redeem.as_view())]
`,
    ],
    safe: [
      `@transaction.atomic
def move(request, source, target):
    Account.objects.filter(pk=source).update(balance=F("balance") - 1)
    Account.objects.filter(pk=target).update(balance=F("balance") + 1)


urlpatterns = [path("move/<int:source>/<int:target>/", move)]
`,
      `def mark(request, id):
    if request.POST["read"] == "yes":
        Message.objects.filter(pk=id).update(read=True)
    else:
        Message.objects.filter(pk=id).update(read=False)


urlpatterns = [path("messages/<int:id>/", mark)]
`,
    ],
  },
  find(trace) {
    const writes = writesOf(trace);
    for (const second of writes) {
      const first = writes.find((one) => precedes(one, second) && areApart(one, second));
      if (!first) continue;
      return {
        write: second,
        path: [
          { role: "write", site: first.site },
          { role: "write", site: second.site },
        ],
        message: "what the request changes first is there to be read before this is",
        because:
          first.txns.length > 0 ? "the first transaction has ended" : "each statement commits by itself",
        interleaving: [
          "A writes   the first",
          "B reads    the first without the second",
          "A writes   the second, or fails",
        ],
      };
    }
    return undefined;
  },
};

function areApart(first: Effect, second: Effect): boolean {
  return first.site !== second.site && !sameTransaction(first.txns, second.txns);
}
