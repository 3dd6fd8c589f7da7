import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What is about something else than the row that is written, beside what is about it. */
const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

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

describe("an object that is asked whether it is valid", () => {
  const text = (asks: string) => `def post(self, request, data):
    with transaction.atomic():
        made = self.kinds[request.POST["kind"]](data)
        made.data["size"] = made.data.get("size")
        ${asks}
        made.save()
`;

  it("is a form, whose data is no column", () => {
    expect(loud(text("made.is_valid()"))).toEqual([]);
    expect(loud(text("made.touch()"))).not.toEqual([]);
  });
});

describe("an attribute that no table has", () => {
  const text = (name: string) => `@receiver(pre_save, sender=User)
def before(sender, instance, **kwargs):
    instance.${name} = User.objects.filter(team=instance.team).count() + 1
`;

  it("is not numbered in a row's save", () => {
    expect(loud(text("_place"))).toEqual([]);
    expect(loud(text("place"))).toEqual(["next-free-value:medium in before"]);
  });
});
