import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { checkSource } from "./check.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

/** Of a project of several files, each read or left out as on disk: `rule function` of all that is found. */
async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const project = mkdtempSync(join(tmpdir(), "deadheat-relevance-"));
  try {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text);
    const { findings } = await checkSource(project, { now: () => 0 });
    return findings.map((one) => `${one.rule} ${one.function}`);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

const ADD_NOTE = (line: string) => `
from django.db import transaction
from models import Note
import tell, signals

def add_note(request, pk):
    with transaction.atomic():
        note = Note.objects.create(order_id=pk, text=request.POST["text"])
        ${line}
`;
const COUNT = (lock: string) => `
from models import Note
import locks

def read(request, pk):
    with ${lock}:
        note = Note.objects.get(pk=pk)
        note.seen += 1
        note.save()
`;

it("reads a file that only hands tasks to workers", async () => {
  const said = await found({
    "views.py": ADD_NOTE("tell.about(note)"),
    "tell.py": "from tasks import mail_note\n\ndef about(note):\n    mail_note.delay(note.pk)\n",
  });
  expect(said).toContain("effect-before-commit add_note");
});

it("reads a file that only receives a signal", async () => {
  const said = await found({
    "views.py": ADD_NOTE("signals.note_added.send(sender=Note, note=note)"),
    "signals.py": "from django.dispatch import Signal\n\nnote_added = Signal()\n",
    "receivers.py":
      "from django.dispatch import receiver\nfrom signals import note_added\nfrom tell import about\n\n@receiver(note_added)\ndef on_note(sender, note, **kwargs):\n    about(note)\n",
    "tell.py": "from tasks import mail_note\n\ndef about(note):\n    mail_note.delay(note.pk)\n",
  });
  expect(said).toContain("effect-before-commit add_note");
});

it("reads a file that only takes locks", async () => {
  const locks =
    'from contextlib import contextmanager\nfrom store import redis\n\n@contextmanager\ndef one_at_a_time(name):\n    with redis.lock(f"row-{name}"):\n        yield\n';
  expect(await found({ "views.py": COUNT("locks.one_at_a_time(pk)"), "locks.py": locks })).toEqual([]);
  const none = "from contextlib import contextmanager\n\n@contextmanager\ndef timed(name):\n    yield\n";
  const said = await found({ "views.py": COUNT("locks.timed(pk)"), "locks.py": none });
  expect(said).toContain("python-counter read");
});

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const FOLDER = new URL("../../../../tests/source/", import.meta.url);
const examples = ["mechanisms", "across"].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, FOLDER)).map((name) => `${folder}/${name}`),
);

const told = (texts: Readonly<Record<string, string>>) =>
  analyseTexts(texts, grammar)
    .map((one) => `${one.rule} ${one.function}`)
    .sort();

it.each(examples)("finds the same in %s with each function and class in a file of its own", (path) => {
  const parts = readFileSync(new URL(path, FOLDER), "utf8").split(/^#% /m).slice(1);
  for (const part of parts) {
    const text = part.slice(part.indexOf("\n") + 1);
    expect(told(apart(text)), part.slice(0, part.indexOf("\n"))).toEqual(told({ "app/services.py": text }));
  }
});

/** Each definition of the top level in a file that imports what it names of the others. */
function apart(text: string): Readonly<Record<string, string>> {
  const blocks = text.split(/(?<!^@.*\n)^(?=[\w@])/m);
  const imports = blocks.filter((one) => /^(import|from) /.test(one)).join("");
  const own = blocks.filter((one) => one.trim() !== "" && !/^(import|from) /.test(one));
  const names = own.map((one) =>
    /^(?:(?:async )?def|class) (\w+)|^(\w+) = /m.exec(one)?.slice(1).find(Boolean),
  );
  const files = own.map((one, index) => {
    const others = names.flatMap((name, other) =>
      name && other !== index && new RegExp(`\\b${name}\\b`).test(one)
        ? [`from app.part${other} import ${name}\n`]
        : [],
    );
    return [`app/part${index}.py`, `${imports}${others.join("")}${one}`];
  });
  return Object.fromEntries(files) as Record<string, string>;
}
