import type { Effect, Guard } from "../effects/effect.ts";
import { type Protection, protectionOf, protects } from "../effects/protection.ts";
import type { Row } from "../effects/values.ts";
import { explain } from "./explain.ts";
import type { Candidate, ColumnWriter, RuleContext, SourceRule, Undecided } from "./rule.ts";

export const lostPut: SourceRule = {
  id: "lost-put",
  weakness: "lost-update",
  title: "PUT or PATCH with a precondition that is not tested where it is written",
  severity: "medium",
  why: "If-Match and version fields are there so that a client does not overwrite what it has not seen. Compared with a row that was read without a lock, they keep out only those who come late enough. And a serializer saves all columns of its row, also those that the client did not send and that others count up meanwhile.",
  fix: "Inside the transaction that saves, read the row with select_for_update() and compare that one; or put the version into the statement: filter(pk=row.pk, version=expected).update(…).",
  never: [
    "a comparison with a locked row in the transaction that saves",
    "an update() whose filter names the version",
    "a serializer to which all columns were sent, of a model none of whose columns is counted by the database",
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
      `class Check(models.Model):
    name = models.CharField(max_length=100)
    pings = models.IntegerField(default=0)

class CheckSerializer(serializers.ModelSerializer):
    class Meta:
        model = Check
        fields = ["name"]

def ping(request, pk):
    Check.objects.filter(pk=pk).update(pings=F("pings") + 1)

class CheckView(APIView):
    def patch(self, request, pk):
        check = Check.objects.get(pk=pk)
        serializer = CheckSerializer(check, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
`,
    ],
    safe: [
      `class Check(models.Model):
    name = models.CharField(max_length=100)
    pings = models.IntegerField(default=0)

class CheckSerializer(serializers.ModelSerializer):
    class Meta:
        model = Check
        fields = ["name"]

def ping(request, pk):
    Check.objects.filter(pk=pk).update(pings=F("pings") + 1)

class CheckView(APIView):
    @transaction.atomic
    def patch(self, request, pk):
        check = Check.objects.select_for_update().get(pk=pk)
        serializer = CheckSerializer(check, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
`,
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
    yield* savedByFramework(context);
    yield* savedWithTheRest(context);
  },
};

/** `ModelSerializer.update()` calls `save()` without `update_fields`: a column that `F()` counts is put back. */
function* savedByFramework({ effects, program, analysis: { fn } }: RuleContext): Generator<Undecided> {
  for (const write of effects) {
    const { row, model, name, trail } = write;
    if (write.kind !== "save" || name !== "serializer.save" || !row || !model || trail.length > 0) continue;
    const protection = protectionOf(effects, row, write, program.models);
    if (protects(protection)) continue;
    yield {
      at: write,
      decide: (writers) => {
        const counted = writers
          .others(model.name, `${fn.module.path}:${fn.qualified}`)
          .find((one) => one.direct);
        return counted && putBack(write, row, protection, counted);
      },
    };
  }
}

function putBack(write: Effect, row: Row, protection: Protection, { fn, columns }: ColumnWriter): Candidate {
  const [column] = columns;
  return explain(write, {
    message: `the serializer saves all columns, also ${column}, which ${fn.split(":").at(-1)} counts in the database: a count in between is put back`,
    because: "the serializer's save() names no columns",
    protection,
    row,
    confidence: "medium",
  });
}

/** A client sends some columns, and the serializer saves all of them: the others as they were when the row was read. */
function* savedWithTheRest({ effects, program }: RuleContext): Generator<Candidate> {
  for (const write of effects) {
    const { row, partial, trail } = write;
    if (!partial || !row || trail.length > 0 || row.origin === "new") continue;
    const protection = protectionOf(effects, row, write, program.models);
    if (protects(protection)) continue;
    yield explain(write, {
      message:
        "some columns are sent and all are saved: of two requests at once that send different ones, the second puts back what the first has changed",
      because: "the serializer's save() names no columns",
      protection,
      row,
      severity: "low",
      confidence: "medium",
    });
  }
}

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
