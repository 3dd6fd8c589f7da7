import { expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { loadGrammar } from "../parse/grammar.ts";

const SERIALIZER = `class BookingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Booking
    def validate(self, data):
        Room.objects.select_for_update().get(pk=data["room"].pk)
        return data
`;
const settings = (atomic: boolean) =>
  `DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": ${atomic ? "True" : "False"}}}\n`;

it.each([
  [true, []],
  [false, ["lock-outside-atomic"]],
])("a lock of a serializer, with ATOMIC_REQUESTS %s", async (atomic, rules) => {
  const files = { "app/serializers.py": SERIALIZER, "app/settings.py": settings(atomic) };
  expect(analyseTexts(files, await loadGrammar()).map((one) => one.rule)).toEqual(rules);
});

const view = (queryset: string) => `class ClubViewSet(ModelViewSet):
    def get_queryset(self):
        ${queryset}
    def members(self, request, pk):
        club = self.get_object()
        with transaction.atomic():
            club.size = club.size + 1
            club.save(update_fields=["size"])
`;

it.each([
  ["whatever is asked", "return Club.objects.select_for_update()", "high"],
  [
    "some requests",
    `if self.request.method == "POST":
            clubs = Club.objects.all().select_for_update()
        else:
            clubs = Club.objects.all()
        return clubs`,
    "low",
  ],
  [
    "this action, which is known",
    `if self.action == "members":
            clubs = Club.objects.select_for_update()
        else:
            clubs = Club.objects.all()
        return clubs`,
    "high",
  ],
])("a queryset that is locked for %s", async (_, queryset, severity) => {
  const found = analyseTexts({ "app/views.py": view(queryset) }, await loadGrammar());
  const said = found.filter((one) => one.rule === "lock-outside-atomic");
  expect(said.map((one) => one.severity)).toEqual([severity]);
});
