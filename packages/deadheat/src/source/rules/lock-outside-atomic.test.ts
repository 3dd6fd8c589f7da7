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
