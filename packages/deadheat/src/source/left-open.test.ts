import { beforeAll, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const said = (services: string, views: string) =>
  analyseTexts(
    {
      "app/services.py": services,
      "app/views.py": `from app.services import Book, borrow\n${views}`,
      "app/urls.py": `from app import views
urlpatterns = [path("kiosk/", views.kiosk), path("desk/", views.desk)]
`,
    },
    grammar,
  ).map((one) => `${one.rule} at ${one.route?.path ?? "no route"}`);

const COUNTER = `class Book(models.Model):
    lent = models.IntegerField(default=0)
    def take(self):
        self.lent += 1
        self.save(update_fields=["lent"])
`;
const view = (name: string, lock: string) => `@transaction.atomic
def ${name}(request, pk):
    book = Book.objects${lock}.get(pk=pk)
    book.take()
`;

it("names a way to the gap on which nobody closes it", () => {
  const [locked, open] = [".select_for_update()", ""];
  expect(said(COUNTER, view("kiosk", locked) + view("desk", open))).toEqual(["python-counter at /desk/"]);
  expect(said(COUNTER, view("kiosk", open) + view("desk", locked))).toEqual(["python-counter at /kiosk/"]);
  expect(said(COUNTER, view("kiosk", locked) + view("desk", locked))).toEqual([]);
});

const CREATION = `def borrow(book):
    if not Loan.objects.filter(book=book).exists():
        Loan.objects.create(book=book)
`;
const handled = (name: string) => `def ${name}(request, pk):
    try:
        with transaction.atomic():
            borrow(Book.objects.get(pk=pk))
    except IntegrityError:
        return HttpResponse(status=409)
`;

it("names no route where the only one is closed, and a task is open", () => {
  const task = "@shared_task\ndef sweep(pk):\n    borrow(Book.objects.get(pk=pk))\n";
  expect(said(CREATION, handled("kiosk") + handled("desk") + task)).toEqual([
    "exists-then-create at no route",
  ]);
  expect(said(CREATION, handled("kiosk") + handled("desk"))).toEqual([]);
});

it("a caller that closes a race, and opens no transaction, leaves half of the work behind and no more", () => {
  const service = `class Book(models.Model):
    note = models.TextField()
def borrow(book: Book):
    if not Loan.objects.filter(book=book).exists():
        book.note = "lent"
        book.save(update_fields=["note"])
        Loan.objects.create(book=book)
`;
  const ofItsOwn = "def kiosk(request):\n    borrow(Book.objects.create(note=''))\n";
  expect(said(service, ofItsOwn)).toEqual(["related-writes-without-transaction at /kiosk/"]);
});
