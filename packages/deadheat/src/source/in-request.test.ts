import { beforeAll, describe, expect, it } from "vitest";
import { analyseTexts } from "./analyze-text.ts";
import { type Grammar, loadGrammar } from "./parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const LOCK = `    loan = Loan.objects.select_for_update().get(pk=pk)
    loan.returned = True
    loan.save(update_fields=["returned"])
`;
const atomic = (value: string) => `DATABASES = {"default": {"ATOMIC_REQUESTS": ${value}}}\n`;
const VIEW = `class GiveBack(SingleObjectMixin, FormView):
    def dispatch(self, request, *args, **kwargs):
        self.object = Loan.objects.select_for_update().get(pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)
`;

const said = (text: string, settings: string, more: Readonly<Record<string, string>> = {}) =>
  analyseTexts({ "app/services.py": text, "app/settings.py": settings, ...more }, grammar)
    .filter((one) => one.rule === "lock-outside-atomic")
    .map((one) => one.function);

describe("a lock where each request runs in a transaction", () => {
  it("is held to the end by a view's class, and by what it calls", () => {
    expect(said(VIEW, atomic("True"))).toEqual([]);
    expect(said(VIEW, atomic("False"))).toEqual(["GiveBack.dispatch"]);
    expect(said(`def give_back(pk):\n${LOCK}`, atomic("True"))).toEqual([]);
    expect(said(`def give_back(pk):\n${LOCK}`, atomic("False"))).toEqual(["give_back"]);
  });

  it.each([
    ["a task", `@shared_task(bind=True)\ndef sweep(self, pk):\n    give_back(pk)\n`],
    ["a task's class", `class SweepTask(Task):\n    def run(self, pk):\n        give_back(pk)\n`],
    [
      "a view that wants none",
      `@transaction.non_atomic_requests\ndef sweep(request, pk):\n    give_back(pk)\n`,
    ],
  ])("is not held where %s takes it", (_, caller) => {
    expect(said(`def give_back(pk):\n${LOCK}\n${caller}`, atomic("True"))).toEqual(["give_back"]);
  });

  it("is not held where a command takes it", () => {
    const command = `from app.services import give_back
class Command(BaseCommand):
    def handle(self, *args, **options):
        give_back(1)
`;
    const more = { "app/management/commands/sweep.py": command };
    expect(said(`def give_back(pk):\n${LOCK}`, atomic("True"), more)).toEqual(["give_back"]);
  });

  it.each([
    ['MIDDLEWARE_CLASSES = ("django.middleware.transaction.TransactionMiddleware",)\n', []],
    ['MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "app.web.AtomicMiddleware"]\n', []],
    ['MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n', ["give_back"]],
    ['MIDDLEWARE = ["app.web.TransactionIdMiddleware", "app.web.TransactionLogMiddleware"]\n', ["give_back"]],
  ])("%s", (settings, functions) => {
    expect(said(`def give_back(pk):\n${LOCK}`, settings)).toEqual(functions);
  });

  it.each([
    ['hooks = {"before_request": begin_transaction, "after_request": end}\n', []],
    ["@app.before_request\ndef open_transaction():\n    transaction.atomic().__enter__()\n", []],
    ["app.before_request(transactions.begin)\n", []],
    ['hooks = {"before_request": load_session}\n', ["give_back"]],
    ['hooks = {"before_request": set_transaction_name}\n', ["give_back"]],
    ["@app.before_request\ndef log_transaction_start():\n    pass\n", ["give_back"]],
    ["@app.before_request\ndef load_session():\n    pass\n", ["give_back"]],
  ])("%s", (hook, functions) => {
    expect(said(`def give_back(pk):\n${LOCK}`, "DEBUG = False\n", { "app/web.py": hook })).toEqual(functions);
  });
});
