import { beforeAll, expect, it } from "vitest";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { fixTexts } from "./project.ts";
import { Workspace } from "./workspace.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** A gap that is mended in the file of the models, and one in a method that objects of another file call. */
const MODELS = `from django.db import models, transaction

class Check(models.Model):
    total = models.IntegerField()
    status = models.CharField(max_length=10)

    def ping(self, seconds):
        with transaction.atomic():
            if self.status == "paused":
                return
            self.total = self.total + seconds * 2
            self.save()


class Message(models.Model):
    chat = models.TextField()


class Channel(models.Model):
    value = models.TextField()
    sent = models.IntegerField()

    def count(self):
        self.sent = self.sent + 1
        self.save()

    def move(self, chat):
        doc = json.loads(self.value)
        doc["id"] = chat
        self.value = json.dumps(doc)
        self.save()
`;
const files = (senders: string) =>
  new Map([
    ["app/models.py", MODELS],
    ["app/senders.py", senders],
  ]);

const SENDERS = [
  {
    name: "annotated",
    text: `from app.models import Channel, Message

class Sender:
    def __init__(self, channel: Channel):
        self.channel = channel

    def send(self, chat):
        self.channel.move(chat)
        self.channel.count()
        Message.objects.create(chat=chat)
`,
  },
  {
    name: "told by use",
    text: `from app.models import Message

class Sender:
    def __init__(self, channel):
        self.channel = channel

    def send(self, chat):
        self.channel.move(chat)
        self.channel.count()
        Message.objects.create(chat=chat)
`,
  },
];

it.each(SENDERS)("what an object holds ($name) is of the models as they are after a fix", ({ text }) => {
  const before = new Workspace(grammar, "project").state(files(text)).judged.findings;
  const gap = before.find((one) => one.function === "Check.ping");
  if (!gap) throw new Error("no gap");
  const { fixed, unfixed, texts } = fixTexts(files(text), grammar, `${gap.file}:${gap.line}`);
  expect(fixed.map((one) => one.finding.function)).toEqual(["Check.ping"]);
  expect(fixed.flatMap((one) => one.warnings).join("\n")).not.toContain("stood behind it");
  expect(unfixed).toEqual([]);
  const after = new Workspace(grammar, "project").state(texts).judged.findings;
  const named = (all: typeof after) => all.map((one) => `${one.rule} ${one.function}`);
  expect(named(after)).toEqual(named(before.filter((one) => one !== gap)));
});

it.each(SENDERS)(
  "a gap in what an object holds ($name) is mended: none is left of how it was",
  ({ text }) => {
    const { fixed, unfixed } = fixTexts(files(text), grammar, "python-counter");
    expect(fixed.map((one) => one.finding.function)).toContain("Channel.count");
    expect(unfixed).toEqual([]);
  },
);
