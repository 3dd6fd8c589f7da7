import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkSource } from "./check.ts";

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
