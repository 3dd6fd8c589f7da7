import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

/** What protects code, each with the same code without it. */
describe("get_or_create", () => {
  const text = (call: string, kind = "", given = "") => `class Kind:
    BOOK = "book"

class Platform(models.Model):
    code = models.CharField(max_length=9, unique=True)

class Resource(models.Model):
    code = models.CharField(max_length=9)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE)
    kind = models.CharField(max_length=9${kind})
    title = models.CharField(max_length=9)

    class Meta:
        unique_together = [("code", "platform", "kind")]

def load(code, platform, title${given}):
    return Resource.objects.${call}

def many(request):
    for row in request.data:
        load(row["code"], request.user.platform, row["title"]${given && ", row['kind']"})
`;

  it("is left alone where the other columns of a unique set are the same for all", () => {
    for (const call of [
      'update_or_create(code=code, platform=platform, defaults={"kind": Kind.BOOK, "title": title})',
      'get_or_create(code=code, platform=platform, defaults={"kind": "book", "title": title})',
      'get_or_create(code=code, defaults={"kind": "book", "platform": Platform.objects.get(code="edx")})',
      'update_or_create(code=code, defaults={"kind": Kind.BOOK.name, "platform": Platform.objects.get(code=EDX.name)})',
    ])
      expect(said(text(call))).toEqual([]);
    expect(said(text("get_or_create(code=code, platform=platform, defaults=dict(kind=Kind.BOOK))"))).toEqual(
      [],
    );
    const call = 'get_or_create(code=code, platform=platform, defaults={"title": title})';
    expect(said(text(call, ', default="book"'))).toEqual([]);
    expect(said(text(call, ", choices=KINDS"))).toEqual([]);
  });

  it("is told where they are what the request says, empty, or made anew", () => {
    const call = 'get_or_create(code=code, platform=platform, defaults={"kind": kind})';
    expect(loud(text(call, "", ", kind"))).toEqual(["get-or-create-without-unique:medium in load"]);
    // What is spread out, or out of sight, may be anything.
    for (const given of ['{**kind, "title": title}', "dict(kind)", "kind", 'dict(**kind, title="x")'])
      expect(
        loud(
          text(
            `get_or_create(code=code, platform=platform, defaults=${given})`,
            ', default="book"',
            ", kind",
          ),
        ),
      ).toEqual(["get-or-create-without-unique:medium in load"]);
    for (const kind of ["", ", null=True", ", default=new_key", ", null=True, choices=KINDS"])
      expect(
        loud(text('get_or_create(code=code, platform=platform, defaults={"title": title})', kind)),
      ).toEqual(["get-or-create-without-unique:medium in load"]);
    expect(
      loud(
        text(
          'get_or_create(code=code, defaults={"kind": "book", "platform": Platform.objects.get(code=title)})',
        ),
      ),
    ).toEqual(["get-or-create-without-unique:medium in load"]);
  });
});

describe("a limit", () => {
  const text = (change: string) => `class Vlan(models.Model):
    locations = models.ManyToManyField("Location", related_name="vlans")

def place(request, pk):
    vlan = Vlan.objects.get(pk=pk)
    if vlan.locations.count() > 1:
        raise ValueError()
    vlan.locations.${change}
`;

  it("is no matter of what replaces all that is there", () => {
    expect(said(text("set([request.POST['to']])"))).toEqual([]);
    expect(loud(text("add(request.POST['to'])"))).toEqual(["limit-then-act:high in place"]);
  });
});

describe("what migrations run", () => {
  const text = (given: string, body: string) => `def move(${given}):
    Asset = ${body}.get_model("app", "Asset")
    with transaction.atomic():
        for asset in Asset.objects.all():
            meta = asset.meta
            meta["address"] = meta.pop("camera", None)
            asset.meta = meta
            asset.save()
`;

  it("is low wherever it stands: only they are given a registry of models", () => {
    expect(loud(text("apps, schema_editor", "apps"))).toEqual([]);
    expect(loud(text("registry", "registry"))).toEqual([]);
    expect(loud(text("request", "django.apps.apps"))).not.toEqual([]);
  });

  it("is low in what only they call", () => {
    const called = `def fill(asset):
    asset.meta["x"] = asset.meta.pop("y")
    asset.save()

def move(apps):
    for asset in apps.get_model("app", "Asset").objects.all():
        fill(asset)
`;
    expect(loud(called)).toEqual([]);
    expect(loud(`${called}\ndef view(request, pk):\n    fill(Asset.objects.get(pk=pk))\n`)).not.toEqual([]);
  });
});

describe("a version", () => {
  const text = (test: string) => `def change(request, version, seen):
    if ${test}:
        raise ValueError()
    version.state = request.POST["state"]
    version.save()
`;

  it("that is compared with what is written down is a name", () => {
    expect(said(text('version.version != "draft"'))).toEqual([]);
    expect(said(text("version.version != DRAFT"))).toEqual([]);
    expect(said(text("version.version != Version.DRAFT"))).toEqual([]);
    expect(loud(text("version.version != seen"))).toEqual(["version-in-python:medium in change"]);
    expect(loud(text('version.version != request.POST["seen"]'))).not.toEqual([]);
  });
});

describe("a function named as a hook is", () => {
  const command = "app/management/commands/fill.py";
  const body = `    room = Room.objects.get(pk=pk)
    if room.state == "new":
        room.state = "filled"
        room.save()
        Log.objects.create(room=room)
`;
  const calls = (call: string) => `from app.filling import *

class Command(BaseCommand):
    def handle(self, *args, **options):
        ${call}
`;
  const of = (files: Record<string, string>) =>
    analyseTexts(files, grammar).flatMap((one) => (one.severity === "low" ? [] : [one.function]));

  it("is no hook outside of a class", () => {
    const filling = `def get_or_fill(pk):\n${body}`;
    expect(of({ "app/filling.py": filling, [command]: calls("get_or_fill(1)") })).toEqual([]);
    expect(of({ "app/filling.py": filling, "app/views.py": "FILL = [get_or_fill]\n" })).toEqual([
      "get_or_fill",
    ]);
    const method = `class Filling:\n    def get_or_fill(self, pk):\n${body.replaceAll(/^/gm, "    ")}`;
    expect(of({ "app/filling.py": method, [command]: calls("Filling().get_or_fill(1)") })).toEqual([
      "Filling.get_or_fill",
    ]);
  });
});

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

describe("the next number", () => {
  const text = (unique: string, search: string, together = "") => `class Invoice(models.Model):
    series = models.ForeignKey("Series", on_delete=models.CASCADE)
    number = models.IntegerField(${unique})
${together && `\n    class Meta:\n        unique_together = ("series", "number")\n`}
def post(request, series):
    last = Invoice.objects.${search}aggregate(Max("number"))["number__max"]
    Invoice.objects.create(series=series, number=last + 1)
`;

  it("is low where the database refuses the second row that has it", () => {
    expect(said(text("unique=True", ""))).toEqual(["next-free-value:low in post"]);
    expect(said(text("", "filter(series=series).", "yes"))).toEqual(["next-free-value:low in post"]);
    expect(said(text("", ""))).toEqual(["next-free-value:medium in post"]);
    // Counted over all, and unique in each series: of two series, two rows have it.
    expect(said(text("", "", "yes"))).toEqual(["next-free-value:medium in post"]);
  });

  it("is medium where something has left by then", () => {
    const charged = text("unique=True", "").replace(
      "    Invoice.",
      "    stripe.Charge.create(amount=1)\n    Invoice.",
    );
    expect(loud(charged)).toEqual(["next-free-value:medium in post"]);
  });

  it("is low in the row's own save as well", () => {
    const save = (unique: string) => `class Quote(models.Model):
    reference = models.CharField(max_length=9${unique})

    def clean(self):
        number = 0
        last = Quote.objects.order_by("-reference").first()
        if last:
            number = int(last.reference) + 1
        while Quote.objects.filter(reference=str(number)).exists():
            number += 1
        self.reference = str(number)

    def save(self, *args, **kwargs):
        self.full_clean()
        super().save(*args, **kwargs)
`;
    expect(loud(save(""))).toEqual(["next-free-value:medium in Quote.save"]);
    expect(loud(save(", unique=True"))).toEqual([]);
    expect(said(save(", unique=True"))).toContain("next-free-value:low in Quote.save");
  });

  it("is low of the rows that are not there yet, one at a time", () => {
    const text = (meta: string) => `class Membership(models.Model):
    user = models.ForeignKey("User", on_delete=models.CASCADE)
    group = models.ForeignKey("Group", on_delete=models.CASCADE)
${meta}
def fill(group, wanted):
    there = set(Membership.objects.filter(group=group).values_list("user_id", flat=True))
    for user in set(wanted) - there:
        Membership.objects.create(user_id=user, group=group)
`;
    expect(loud(text("")).length).toBe(1);
    expect(loud(text('    class Meta:\n        unique_together = ("user", "group")\n'))).toEqual([]);
  });
});

describe("a row that is looked for and made by its primary key", () => {
  const text = (create: string) => `def permit(ticket):
    found = Permit.objects.filter(id=ticket.id).first()
    if found:
        return found
    data = {"id": ticket.id, "name": ticket.name}
    permit = Permit.objects.create(${create})
    return permit
`;

  it("is low: the database refuses a second one", () => {
    expect(said(text("id=ticket.id"))).toEqual(["exists-then-create:low in permit"]);
    expect(said(text("**data"))).toEqual(["exists-then-create:low in permit"]);
    // It changes the row that is there by then.
    const saved = text("id=ticket.id").replace("Permit.objects.create(id=ticket.id)", "Permit(id=ticket.id)");
    expect(loud(saved.replace("return permit", "permit.save()"))).toEqual([
      "exists-then-create:medium in permit",
    ]);
  });
});

describe("a value that no other row has", () => {
  const text = (row: string) => `def call_it(name):
    try:
        return Place.objects.get(name=name)
    except Place.DoesNotExist:
        place = Place.objects.${row}
        place.name = name
        place.save()
        return place
`;

  it("is no matter where there is one row only", () => {
    expect(loud(text("get()"))).toEqual([]);
    expect(loud(text("get(state='free')"))).not.toEqual([]);
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

describe("get_or_create for what was made in this request", () => {
  const text = (made: string, value: string) => `class Link(models.Model):
    url = models.URLField()

def report(self, execution):
    issue = ${made}
    Link.objects.get_or_create(url=${value})
`;

  it("is left alone: nobody else looks for that", () => {
    expect(said(text("self.client.issues.create({'title': execution.title})", "issue.web_url"))).toEqual([]);
    expect(said(text("tracker.create_issue(execution.title)", "issue.attributes['url']"))).toEqual([]);
    expect(loud(text("tracker.find_issue(execution.title)", "issue.url"))).toEqual([
      "get-or-create-without-unique:medium in report",
    ]);
    const row = `class Link(models.Model):
    url = models.URLField()

class Holder(models.Model):
    link = models.ForeignKey("Link", on_delete=models.CASCADE)

def hold(request):
    link = Link.objects.HOW
    Holder.objects.get_or_create(link=link)
`;
    expect(loud(row.replace("HOW", "create(url='x')"))).toEqual([]);
    expect(loud(row.replace("HOW", "get(url='x')"))).toEqual(["get-or-create-without-unique:medium in hold"]);
  });
});

describe("a serializer that only changes", () => {
  const text = (writes: string) => `class Diagnosis(models.Model):
    code = models.CharField(max_length=9)
    state = models.CharField(max_length=9)

class DiagnosisSerializer(serializers.ModelSerializer):
    class Meta:
        model = Diagnosis
        fields = ["code", "state"]

    def validate_code(self, value):
        if not self.instance and Diagnosis.objects.filter(code=value).exists():
            raise serializers.ValidationError("taken")
        return value

    def validate_state(self, value):
        if not self.instance and value in OVER:
            raise serializers.ValidationError("not yet")
        return value

${writes}
`;

  it("is not where a row is made: that is said of the validator", () => {
    const update = `    def update(self, instance, validated_data):
        if validated_data.get("state") in OVER:
            instance.principal = False
        return super().update(instance, validated_data)
`;
    expect(loud(text(update))).toEqual(["exists-then-create:medium in DiagnosisSerializer.validate_code"]);
  });
});

describe("a row that is looked for by a part of a column", () => {
  const text = (lookup: string) => `def summary(facility, data):
    found = Summary.objects.filter(facility=facility, ${lookup}).first()
    found.made_on = timezone.now()
    found.data = data
    found.save()
    send_mail("summary", data, None, [facility.email])
`;

  it("is found by it ever after", () => {
    for (const part of [
      "made_on__date=timezone.now().date()",
      "made_on__startswith=today",
      "made_on__year=year",
    ])
      expect(loud(text(part))).toEqual([]);
    expect(loud(text("made_on=None"))).toEqual(["check-then-act:medium in summary"]);
    expect(loud(text("made_on__isnull=True"))).toEqual(["check-then-act:medium in summary"]);
    expect(loud(text("made_on__lt=timezone.now() - WEEK"))).toEqual(["check-then-act:medium in summary"]);
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

describe("a unique set", () => {
  const text = (meta: string) => `class Request(models.Model):
    kind = models.CharField(max_length=9, default="add")
    source = models.CharField(max_length=9)

    class Meta:
        ${meta}

class Removal(Request):
    class Meta:
        proxy = True

def remove(source):
    Removal.objects.get_or_create(source=source)
`;

  it("is that of the table, also of a proxy", () => {
    expect(said(text('unique_together = ("kind", "source")'))).toEqual([]);
    expect(loud(text('ordering = ("kind", "source")'))).toEqual([
      "get-or-create-without-unique:medium in remove",
    ]);
  });
});

describe("a row that is left out of those that are changed", () => {
  const text = (left: string) => `class Translation(models.Model):
    approved = models.BooleanField(default=False)

    def approve(self):
        if self.approved:
            others = Translation.objects.filter(entity=self.entity)${left}
            Log.objects.create(of=self)
            others.update(approved=False)
`;

  it("is not changed with them", () => {
    for (const left of [".exclude(pk=self.pk)", ".exclude(id=self.id)"]) expect(loud(text(left))).toEqual([]);
    for (const left of ["", ".exclude(state='old')"])
      expect(loud(text(left))).toEqual(["check-then-act:medium in Translation.approve"]);
  });
});
