import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What the database refuses, beside what it does not. */
const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

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

describe("a constraint that covers a search", () => {
  const text = (search: string, condition = "") => `class Visit(models.Model):
    code = models.UUIDField(default=uuid4, unique=True)
    place = models.CharField(max_length=9)

class Diagnosis(models.Model):
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE)
    name = models.CharField(max_length=9)
    first = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "${condition ? "first" : "name"}"], name="one"${condition})
        ]

def diagnose(request, visit, name):
    if Diagnosis.objects.filter(${search}).exists():
        raise ValidationError("known")
    Diagnosis.objects.create(**request.data)
`;

  it("does so by a unique column of a related row", () => {
    expect(said(text("visit__code=request.data['visit'], name=name"))).toEqual([
      "exists-then-create:low in diagnose",
    ]);
    expect(loud(text("visit__place=request.data['place'], name=name"))).toEqual([
      "exists-then-create:medium in diagnose",
    ]);
  });

  it("does so where its condition is what was looked for", () => {
    const first = ", condition=models.Q(first=True)";
    expect(said(text("visit=visit, first=True", first))).toEqual(["exists-then-create:low in diagnose"]);
    expect(loud(text("visit=visit, first=False", first))).toEqual(["exists-then-create:medium in diagnose"]);
    expect(loud(text("visit=visit, first=True", ", condition=models.Q(first=True, name='x')"))).toEqual([
      "exists-then-create:medium in diagnose",
    ]);
  });
});
