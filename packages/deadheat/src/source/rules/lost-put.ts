import type { Effect, Guard } from "../effects/effect.ts";
import { protectionOf, protects } from "../effects/protection.ts";
import { explain } from "./explain.ts";
import type { RuleContext, SourceRule } from "./rule.ts";

export const lostPut: SourceRule = {
  id: "lost-put",
  weakness: "lost-update",
  title: "PUT or PATCH with a precondition that is not tested where it is written",
  severity: "medium",
  why: "If-Match and version fields are there so that a client does not overwrite what it has not seen. Compared with a row that was read without a lock, they keep out only those who come late enough.",
  fix: "Inside the transaction that saves, read the row with select_for_update() and compare that one; or put the version into the statement: filter(pk=row.pk, version=expected).update(…).",
  never: [
    "a comparison with a locked row in the transaction that saves",
    "an update() whose filter names the version",
  ],
  examples: {
    racy: [
      `class OrderView(UpdateModelMixin, GenericViewSet):
    def update(self, request, *args, **kwargs):
        order = self.get_object()
        if request.META.get("HTTP_IF_MATCH") != order.version:
            return Response(status=412)
        serializer = self.get_serializer(order, data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
`,
      `class Versioned:
    def pre_save(self, obj):
        if obj.version != self.request.DATA.get("version"):
            raise Conflict()
        obj.version = F("version") + 1
        super().pre_save(obj)
`,
    ],
    safe: [
      `class OrderView(UpdateModelMixin, GenericViewSet):
    def update(self, request, *args, **kwargs):
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=kwargs["pk"])
            if request.META.get("HTTP_IF_MATCH") != order.version:
                return Response(status=412)
            serializer = self.get_serializer(order, data=request.data)
            serializer.is_valid(raise_exception=True)
            serializer.save()
`,
    ],
  },
  *find(context) {
    for (const write of context.effects) {
      if (write.kind !== "save" || !write.row) continue;
      const test = preconditionOf(context, write);
      if (!test) continue;
      const protection = protectionOf(context.effects, test.row, write, context.program.models);
      if (protects(protection)) continue;
      yield explain(write, {
        message:
          "the client's precondition is compared with a row that another request may change before it is saved",
        protection,
        row: test.row,
        test: test.guard,
        confidence: "medium",
      });
    }
  },
};

/** A condition that compares what the client sent with a column of the row, of a kind that every save changes. */
function preconditionOf(
  { program }: RuleContext,
  write: Effect,
): { readonly guard: Guard; readonly row: NonNullable<Effect["row"]> } | undefined {
  for (const guard of write.guards) {
    const sent = guard.deps.some(
      (atom) =>
        atom.kind === "field" && /(^|\.|\()request\b/.test(atom.row.key) && !/\.user\b/.test(atom.row.key),
    );
    if (!sent) continue;
    for (const atom of guard.deps) {
      if (atom.kind !== "field" || atom.row.key !== write.row?.key) continue;
      if (isVersion(program, atom.row, atom.name)) return { guard, row: atom.row };
    }
  }
  return undefined;
}

function isVersion(
  program: RuleContext["program"],
  row: NonNullable<Effect["row"]>,
  column: string,
): boolean {
  if (/(version|etag|revision|updated|modified|timestamp)/i.test(column)) return true;
  return (
    row.model !== undefined && /^DateTime/.test(program.models.fields(row.model).get(column)?.type ?? "")
  );
}
