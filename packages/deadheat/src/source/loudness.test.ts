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
`;
const said = (text: string) =>
  analyseTexts({ "app/models.py": MODELS, "app/views.py": `from app.models import Member\n${text}` }, grammar)
    .filter((one) => one.file === "app/views.py")
    .map((one) => `${one.rule}:${one.severity} in ${one.function}`);

describe("how loud a gap is told", () => {
  it("is low where a unique constraint refuses who would have been turned away anyway", () => {
    const text = (answer: string) => `def join(request):
    if Member.objects.filter(email=request.POST["email"]).exists():
        ${answer}
    Member.objects.create(email=request.POST["email"])
`;
    for (const answer of ["raise ValidationError('taken')", "return Response({}, status=409)"])
      expect(said(text(answer))).toEqual(["exists-then-create:low in join"]);
    expect(said(text("return redirect('home')"))).toEqual(["exists-then-create:medium in join"]);
  });

  it("is medium where who comes second would have gone on with the row", () => {
    const text = `def member_of(email):
    member = Member.objects.filter(email=email).first()
    if member is None:
        member = Member.objects.create(email=email)
    return member
`;
    expect(said(text)).toEqual(["exists-then-create:medium in member_of"]);
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
});
