import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What happens once, or comes to the same, beside what does not. */
const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

describe("a conditional update", () => {
  const text = (after: string) => `def close(job_id):
    claimed = Job.objects.filter(pk=job_id, state="running").update(state="closing")
    if claimed:
        finish.delay(job_id)

def run(batch_id):
    batch = Batch.objects.get(pk=batch_id)
    Batch.objects.filter(pk=batch_id, state="new").update(state="done")
    ${after}
`;

  it("may go unchecked where what follows is claimed in its own right", () => {
    expect(loud(text("close(batch.job_id)"))).toEqual([]);
    expect(loud(text("finish.delay(batch.job_id)"))).toEqual(["claim-unchecked:medium in run"]);
    expect(loud(text("close(batch.job_id)\n    Receipt.objects.create(batch=batch)"))).toEqual([
      "claim-unchecked:medium in run",
    ]);
  });
});

describe("a mark in the cache", () => {
  const text = (act: string) => `def sweep(names):
    if cache.get("swept"):
        return
    cache.set("swept", 1, 10)
    ${act}
`;

  it("is low where nothing follows but a deletion: what is gone is gone", () => {
    expect(loud(text("Task.objects.filter(name__in=names).delete()"))).toEqual([]);
    expect(said(text("Task.objects.filter(name__in=names).delete()"))).toEqual(["cached-value:low in sweep"]);
    expect(loud(text("Task.objects.create(name=names)"))).toEqual(["cached-value:medium in sweep"]);
    expect(loud(text("tell.delay(names)"))).toEqual(["cached-value:medium in sweep"]);
  });
});

describe("an arm that leaves", () => {
  const text = (leaves: string) => `def load(request, pk, videos):
    if request.POST["make"]:
        found = make_all(videos)
    else:
        found = match(videos)
        if found is None:
            old = Playlist.objects.filter(key=pk, published=True).first()
            if old:
                old.published = False
                old.save()
            ${leaves}
        else:
            found = list(found)
    send_mail("loaded", pk, None, [])
`;

  it("is followed by nothing of what stands after it", () => {
    expect(loud(text("return None"))).toEqual([]);
    expect(loud(text("found = []"))).toEqual(["check-then-act:medium in load"]);
    const called = "\ndef post(request, pk):\n    load(request, pk, [])\n    return pk\n";
    expect(loud(text("return None") + called)).toEqual([]);
    expect(loud(text("found = []") + called)).not.toEqual([]);
  });

  it("is of the function that it leaves: the caller goes on", () => {
    const text = `def take(pk):
    if pk:
        old = Playlist.objects.filter(key=pk, published=True).first()
        if old:
            old.published = False
            old.save()
            return True
    return False

def post(request, pk):
    take(pk)
    send_mail("taken", pk, None, [])
`;
    expect(loud(text)).toEqual(["check-then-act:medium in post"]);
  });
});

describe("what a locked twin of the row holds", () => {
  const text = (copies: string) => `class Ticket(models.Model):
    state = models.CharField(max_length=9)
    step = models.IntegerField(default=0)

    def change(self, state):
        with transaction.atomic():
            locked = Ticket.objects.select_for_update().get(pk=self.pk)
            ${copies}
            if self.state == "closed":
                raise Closed()
            self.go_on(state)

    def go_on(self, state):
        Note.objects.create(ticket=self, state=state)
        if state == "closed":
            self.state = state
            self.save(update_fields=["state"])
        else:
            self.step += 1
            self.save(update_fields=["step"])
`;

  it("is what the row holds that it was copied to, in called functions as well", () => {
    const all = "self.state = locked.state\n            self.step = locked.step";
    expect(loud(text(all))).toEqual([]);
    expect(loud(text("logger.info(locked.state)"))).not.toEqual([]);
  });
});

describe("a time that is past or not", () => {
  const text = (value: string) => `class Pass(models.Model):
    made = models.DateTimeField()
    until = models.DateTimeField()

def renew(request, pk):
    found = Pass.objects.get(pk=pk)
    if found.until < timezone.now():
        raise Expired()
    found.until = ${value}
    found.save(update_fields=["until"])
`;

  it("is set to the same by both, unless it is counted on from itself", () => {
    expect(loud(text("found.made + timedelta(days=3)"))).toEqual([]);
    expect(loud(text("timezone.now() + timedelta(days=3)"))).toEqual([]);
    expect(loud(text("found.until + timedelta(days=3)"))).not.toEqual([]);
  });
});

describe("a value in the cache", () => {
  const text = (test: string) => `def display(node):
    shown = cache.get(f"display-{node.pk}", 0)
    if ${test}:
        return shown
    shown += node.size
    cache.set(f"display-{node.pk}", shown, 5)
    return shown
`;

  it("is no count where it is only made because there was none", () => {
    expect(loud(text("shown"))).toEqual([]);
    expect(loud(text("shown > 99"))).not.toEqual([]);
    expect(loud(text("node.hidden"))).not.toEqual([]);
  });
});
