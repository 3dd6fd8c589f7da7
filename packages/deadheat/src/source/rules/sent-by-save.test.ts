import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const models = `class Draft(models.Model):
    text = models.TextField()
`;

const serializers = (send: string) => `from rest_framework import serializers
from app.models import Draft
class Client:
    @classmethod
    def ask(cls, draft):
        requests.post(URL, json={"id": str(draft.pk), "text": draft.text})
class DraftSerializer(serializers.ModelSerializer):
    class Meta:
        model = Draft
        fields = ["text"]
    def create(self, data):
        draft = super().create(data)
        ${send}
        return draft
`;

const mutations = `from app.serializers import DraftSerializer
class CreateDraft(BaseMutation):
    serializer_class = DraftSerializer
`;

const found = (settings: string, send: string, more: Readonly<Record<string, string>> = {}) =>
  analyseTexts(
    {
      "app/models.py": models,
      "app/serializers.py": serializers(send),
      "project/settings.py": `INSTALLED_APPS = ["app"]\n${settings}\n`,
      ...more,
    },
    grammar,
  )
    .filter((one) => one.rule === "effect-before-commit")
    .map((one) => `${one.function} ${one.severity}`);

const ATOMIC_REQUESTS = `DATABASES = {"default": {"ATOMIC_REQUESTS": True}}`;
const ATOMIC_MUTATIONS = `GRAPHENE = {"ATOMIC_MUTATIONS": True}`;

describe("what a serializer sends of the row that it makes", () => {
  it.each(["index.delay(draft.pk)", "Client.ask(draft)"])("leaves too early in a request: %s", (send) => {
    expect(found(ATOMIC_REQUESTS, send)).toEqual(["DraftSerializer.create low"]);
  });

  it("leaves too early in a mutation", () => {
    expect(found(ATOMIC_MUTATIONS, "Client.ask(draft)", { "app/mutations.py": mutations })).toEqual([
      "DraftSerializer.create low",
    ]);
  });

  it.each([
    "transaction.on_commit(lambda: Client.ask(draft))",
    "index.apply_async(args=[draft.pk], countdown=3600)",
    "requests.get(URL)",
  ])("is left alone: %s", (send) => {
    expect(found(ATOMIC_REQUESTS, send)).toEqual([]);
  });

  it("is left alone where no request is a transaction, and where no mutation saves it", () => {
    expect(found("", "index.delay(draft.pk)")).toEqual([]);
    expect(found(ATOMIC_MUTATIONS, "index.delay(draft.pk)")).toEqual([]);
  });
});
