import { candidatesOf } from "./gap-rule.ts";
import type { SourceRule } from "./rule.ts";

export const lockWrongRow: SourceRule = {
  id: "lock-wrong-row",
  weakness: "lost-update",
  title: "the row that is locked is not the row that is changed",
  severity: "high",
  why: "A lock makes only those wait who lock the same row. A user with two tokens sends one request with each: both hold a lock, on different rows, and both change the same profile.",
  fix: "Lock the row that is changed, with select_for_update(), before it is read. A lock on the token as well keeps it from being revoked meanwhile.",
  never: [
    "a locked parent through which all who write the row pass (an order for its lines, the other side of a one-to-one)",
  ],
  examples: {
    racy: [
      `@transaction.atomic
def update(request):
    token = Token.objects.select_for_update().get(key=request.headers["Authorization"])
    if not token.is_valid:
        return JsonResponse({}, status=401)
    user = token.user
    user.profile.score += 1
    user.profile.save()
`,
    ],
    safe: [
      `@transaction.atomic
def update(request):
    token = Token.objects.select_for_update().get(key=request.headers["Authorization"])
    profile = Profile.objects.select_for_update().get(user=token.user)
    profile.score += 1
    profile.save()
`,
      `@transaction.atomic
def ship(request, pk):
    order = Order.objects.select_for_update().get(pk=pk)
    line = order.lines.get(pk=request.POST["line"])
    line.shipped += 1
    line.save()
`,
    ],
  },
  *find(context) {
    yield* candidatesOf(
      context,
      ["wrong-row"],
      ["counter", "document", "derived", "recomputed", "state", "claim", "take"],
      ({ column }) => `a lock is held, but not on the row whose ${column} is changed`,
    );
  },
};
