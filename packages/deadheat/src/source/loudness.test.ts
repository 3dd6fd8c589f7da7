import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const MODELS = `from django.db import models

class Member(models.Model):
    email = models.EmailField(unique=True)
    state = models.CharField(max_length=10)
    seen = models.BooleanField(default=False)
    visits = models.IntegerField(default=0)
    notes = models.TextField(default="")
    extra = models.JSONField(default=dict)
`;
const said = (text: string) =>
  analyseTexts({ "app/models.py": MODELS, "app/views.py": `from app.models import Member\n${text}` }, grammar)
    .filter((one) => one.file === "app/views.py")
    .map((one) => `${one.rule}:${one.severity} in ${one.function}`);

describe("how loud a gap is told", () => {
  it("is low where a unique constraint refuses the second row", () => {
    const text = (answer: string) => `def join(request):
    if Member.objects.filter(email=request.POST["email"]).exists():
        ${answer}
    Member.objects.create(email=request.POST["email"])
`;
    for (const answer of ["raise ValidationError('taken')", "return redirect('home')"])
      expect(said(text(answer))).toEqual(["exists-then-create:low in join"]);
    expect(said(text("return redirect('home')").replaceAll("email", "state"))).toEqual([
      "exists-then-create:medium in join",
    ]);
  });

  it("is medium where the constraint holds for some rows only", () => {
    const seat = (condition: string) => `class Seat(models.Model):
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="one"${condition})]

def take(request):
    if not Seat.objects.filter(number=request.POST["n"]).exists():
        Seat.objects.create(number=request.POST["n"])
`;
    expect(said(seat(""))).toEqual(["exists-then-create:low in take"]);
    // Of rows that are deleted softly: one that is made is not deleted yet.
    expect(said(seat(", condition=Q(deleted_at__isnull=True)"))).toEqual(["exists-then-create:low in take"]);
    expect(said(seat(", condition=Q(deleted_at__isnull=False)"))).toEqual([
      "exists-then-create:medium in take",
    ]);
    expect(said(seat(", condition=Q(active=True)"))).toEqual(["exists-then-create:medium in take"]);
  });

  it("is medium where the request has done something by then that is not taken back", () => {
    const text = (before: string) => `def join(request):
    if not Member.objects.filter(email=request.POST["email"]).exists():
        ${before}
        Member.objects.create(email=request.POST["email"])
`;
    for (const before of [
      'stripe.Charge.create(amount=request.POST["n"])',
      'Pool.objects.update(n=F("n") - 1)',
    ])
      expect(said(text(before))).toContain("exists-then-create:medium in join");
    for (const before of ['logger.info("new")', "login(request, request.user)"])
      expect(said(text(before))).toContain("exists-then-create:low in join");
  });

  it("is low where a library's own table refuses the second row", () => {
    const text = (from: string) => `from ${from} import Group
def group_of(name):
    group = Group.objects.filter(name=name).first()
    if group is None:
        group = Group.objects.create(name=name)
    return group
`;
    expect(said(text("django.contrib.auth.models"))).toEqual(["exists-then-create:low in group_of"]);
    expect(said(text("other.models"))).toEqual(["exists-then-create:medium in group_of"]);
  });

  it("is low for a row that no request chooses", () => {
    const text = `def nobody():
    try:
        return Member.objects.get(email="nobody@example.org")
    except Member.DoesNotExist:
        return Member.objects.create(email="nobody@example.org")
`;
    expect(said(text)).toEqual(["exists-then-create:low in nobody"]);
    // Not one row for good: while one runs there is none other.
    expect(
      said(`def start():
    if not Member.objects.filter(state="running").exists():
        Member.objects.create(state="running")
`),
    ).toEqual(["exists-then-create:medium in start"]);
  });

  it("is loud once where several callers test before the same write, and names all", () => {
    const text = `def leave(member):
    member.state = "left"
    member.save(update_fields=["state"])
    Log.objects.create(member=member)

def ask(request, pk):
    member = Member.objects.get(pk=pk)
    if member.state == "joined":
        leave(member)

def sweep(request):
    member = Member.objects.get(pk=request.POST["pk"])
    if member.state == "joined":
        leave(member)
`;
    const found = said(text);
    expect(found.filter((one) => /medium in (ask|sweep)$/.test(one))).toHaveLength(1);
    expect(found.filter((one) => / in (ask|sweep)$/.test(one))).toHaveLength(2);
  });

  it("is loud where the write is, if that tests as well, and low in who tested before", () => {
    const text = `def leave(member):
    if member.state != "joined":
        return
    member.state = "left"
    member.save(update_fields=["state"])
    Log.objects.create(member=member)

def ask(request, pk):
    member = Member.objects.get(pk=pk)
    if member.state == "joined":
        leave(member)
`;
    expect(said(text).filter((one) => one.includes("medium"))).toEqual(["check-then-act:medium in leave"]);
  });

  it("is told once of the columns of one row in one function", () => {
    const text = `def admit(request, pk):
    member = Member.objects.get(pk=pk)
    if member.state == "new":
        member.state = "joined"
        member.save(update_fields=["state"])
        Log.objects.create(member=member)
    if not member.seen:
        member.seen = True
        member.save(update_fields=["seen"])
        Log.objects.create(member=member)
`;
    expect(said(text).filter((one) => one.startsWith("check"))).toEqual(["check-then-act:medium in admit"]);
  });

  it("is told where a column is computed and saved, and not of a caller that saved before it", () => {
    const text = `def total(member):
    member.visits = sum(one.n for one in member.visit_set.all())
    member.save()

def store(user, notes):
    member, created = user.members.get_or_create(state="x", defaults={"notes": notes})
    if not created:
        member.notes = notes
        member.save()
    total(member)
    return member

def post(request):
    member = store(request.user, request.POST["notes"])
    return member
`;
    const found = said(text).filter((one) => one.startsWith("read-modify-write"));
    expect(found).toEqual(["read-modify-write:medium in total"]);
  });

  it("is told once of what is made where one search has found nothing", () => {
    const text = `def subscribe(request, pk):
    if not Member.objects.filter(state=request.POST["state"]).exists():
        if request.user.is_staff:
            Member.objects.create(state=request.POST["state"], seen=True)
        else:
            Member.objects.create(state=request.POST["state"])
`;
    expect(said(text)).toEqual(["exists-then-create:medium in subscribe"]);
  });

  it("is loud once of one row in one function, also by several rules", () => {
    const text = `def admit(request, pk):
    member = Member.objects.get(pk=pk)
    member.visits += 1
    member.save(update_fields=["visits"])
    member.extra["x"] = request.POST["x"]
    member.save(update_fields=["extra"])
`;
    expect(said(text)).toEqual(["python-counter:high in admit", "json-in-python:low in admit"]);
  });

  it("is low where one run notes how far it is, and high where several count together", () => {
    const text = (change: string) => `def export(rows, job):
    for row in rows:
        job.done ${change}
        job.save()
`;
    expect(said(text("+= 1"))).toEqual(["python-counter:low in export"]);
    expect(said(text("+= row.amount"))).toEqual(["python-counter:high in export"]);
    expect(said(text('+= f"{row.pk} is done"'))).toEqual(["json-in-python:low in export"]);
    expect(
      said(`def visit(request, pk):
    member = Member.objects.get(pk=pk)
    for page in request.POST.getlist("pages"):
        member.visits += 1
        member.save()
`),
    ).toEqual(["python-counter:high in visit"]);
  });

  it("is medium where a text is added to what is there", () => {
    const text = `def note(request, pk):
    member = Member.objects.get(pk=pk)
    member.notes += f"{request.user}: hello"
    member.save()
`;
    expect(said(text)).toEqual(["json-in-python:medium in note"]);
    expect(said(text.replace('f"{request.user}: hello"', "clean(request)"))).toEqual([
      "python-counter:medium in note",
    ]);
  });

  it("is low where a column is used and then replaced, and medium where it is used up", () => {
    const text = (use: string, value: string) => `def change(request, pk):
    member = Member.objects.get(pk=pk)
    ${use}
    member.state = ${value}
    member.save()
`;
    const mail = "send_mail('changed', member.state, None, [])";
    expect(said(text(mail, 'request.POST["state"]'))).toEqual(["check-then-act:low in change"]);
    expect(said(text(mail, "None"))).toEqual(["check-then-act:medium in change"]);
    expect(said(text("gateway.charge(member.state)", 'request.POST["state"]'))).toEqual([
      "check-then-act:medium in change",
    ]);
  });

  it("is low where the first that there is gets what is written down", () => {
    const text = (row: string) => `def activate(request, pk):
    if not Member.objects.filter(seen=True).exists():
        member = ${row}
        member.seen = True
        member.save()
`;
    expect(said(text("Member.objects.order_by('pk').first()"))).toEqual([
      "exists-then-claim:low in activate",
    ]);
    expect(said(text("Member.objects.get(pk=pk)"))).toEqual(["exists-then-claim:medium in activate"]);
  });

  it("is medium where a task is told which row, and low where all it needs is handed on", () => {
    const text = (call: string) => `@transaction.atomic
def reset(request, pk):
    member = Member.objects.get(pk=pk)
    member.state = "reset"
    member.save(update_fields=["state"])
    ${call}
`;
    const rule = (call: string) => said(text(call)).filter((one) => one.startsWith("effect"));
    expect(rule("tell.delay(member.pk)")).toEqual(["effect-before-commit:medium in reset"]);
    expect(rule("tell.delay(pk)")).toEqual(["effect-before-commit:medium in reset"]);
    expect(rule("tell.delay(member.email)")).toEqual(["effect-before-commit:low in reset"]);
    expect(rule("send_mail('x', 'y', None, [member.email])")).toEqual(["effect-before-commit:low in reset"]);
    expect(rule("gateway_client.send_refund(member.email)")).not.toEqual([]);
  });

  it("names a function that makes the row beside its caller only where a unique set could tell it", () => {
    const text = (column: string) => `def make(value):
    return Member.objects.create(${column}=value)

def join(request):
    if not Member.objects.filter(${column}=request.POST["x"]).exists():
        make(request.POST["x"])
`;
    expect(said(text("state"))).toEqual(["exists-then-create:medium in join"]);
    expect(said(text("email"))).toEqual(["exists-then-create:low in make", "exists-then-create:low in join"]);
  });

  it("names a loop over rows that are looked for, and not the function that it calls for each", () => {
    const text = `def close(member):
    Log.objects.create(member=member)
    member.state = "closed"
    member.save(update_fields=["state"])

def sweep(request):
    for member in Member.objects.filter(state="open"):
        close(member)
`;
    expect(said(text)).toEqual(["check-then-act:low in sweep"]);
  });

  it("is low where the database refuses the second of two that both found the old state", () => {
    const text = (kind: string) => `class Farewell(models.Model):
    member = models.${kind}(Member, on_delete=models.CASCADE)

def leave(request, pk):
    member = Member.objects.get(pk=pk)
    if member.state == "left":
        return HttpResponse(status=409)
    with transaction.atomic():
        Farewell.objects.create(member=member)
        member.state = "left"
        member.save(update_fields=["state"])
`;
    const rule = "validation-outside-transaction";
    expect(said(text("OneToOneField"))).toEqual([`${rule}:low in leave`]);
    expect(said(text("ForeignKey"))).toEqual([`${rule}:medium in leave`]);
  });

  it("is low of an object that a row only keeps for this run", () => {
    const text = (name: string) => `def log(member, data):
    entry = member.${name}
    entry.data["x"] = data
    entry.save()
`;
    expect(said(text("_entry"))).toEqual(["json-in-python:low in log"]);
    expect(said(text("entry"))).toEqual(["json-in-python:medium in log"]);
  });
});
