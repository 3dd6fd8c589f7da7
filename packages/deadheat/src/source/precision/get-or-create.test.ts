import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** What one of two `get_or_create()` finds again, beside what it does not. */
const said = (text: string, path = "app/work.py") =>
  analyseTexts({ [path]: text }, grammar).map((one) => `${one.rule}:${one.severity} in ${one.function}`);
const loud = (text: string, path?: string) => said(text, path).filter((one) => !one.includes(":low"));

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
