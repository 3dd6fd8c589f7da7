import { beforeAll, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const severities = (send: string) =>
  analyseTexts(
    {
      "app/services.py": `@transaction.atomic
def book(request):
    seat = Seat.objects.create(owner=request.user)
    ${send}
`,
    },
    grammar,
  )
    .filter((one) => one.rule === "effect-before-commit")
    .map((one) => one.severity);

it.each([
  "release.delay(seat.pk)",
  "release.apply_async(args=(seat.pk,))",
  "release.apply_async(args=(seat.pk,), countdown=2)",
  "release.apply_async(args=(seat.pk,), countdown=None)",
  "release.apply_async((seat.pk,), eta=None)",
])("is loud where a worker may take it at once: %s", (send) => {
  expect(severities(send)).toEqual(["medium"]);
});

it.each([
  "release.apply_async(args=(seat.pk,), countdown=15 * 60)",
  "release.apply_async(args=(seat.pk,), countdown=time_to_pay(seat))",
  "release.apply_async((seat.pk,), eta=timezone.now() + HOLD)",
])("says nothing where the task is due long after the commit: %s", (send) => {
  expect(severities(send)).toEqual([]);
});

const RECEIVED = (waits: boolean) => `
@receiver(post_save, sender=Organization)
def made(instance, created, **kwargs):
    if created:
        tasks.made.delay(instance.pk)

@receiver(post_save, sender=Member)
def joined(instance, **kwargs):
    ${waits ? "transaction.on_commit(lambda: tasks.joined.delay(instance.pk))" : "tasks.joined.delay(instance.pk)"}

@receiver(post_save, sender=Person)
def named(instance, **kwargs):
    ${waits ? "transaction.on_commit(lambda: tasks.named.delay(instance.pk))" : "tasks.named.delay(instance.pk)"}
`;

it.each([
  [true, ["made"]],
  [false, []],
])(
  "goes by the other receivers of the file, where nobody is seen who saves: they wait: %s",
  (waits, names) => {
    const found = analyseTexts({ "app/receivers.py": RECEIVED(waits) }, grammar);
    expect(found.filter((one) => one.rule === "effect-before-commit").map((one) => one.function)).toEqual(
      names,
    );
  },
);
