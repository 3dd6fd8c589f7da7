import { beforeAll, describe, expect, it } from "vitest";
import { programOf } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { routesOf } from "../project/routes.ts";
import { ownersGiven } from "./gives.ts";
import { requestGaps, requestRules } from "./index.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

function found(text: string): string[] {
  const program = programOf({ "views.py": text }, grammar);
  const routes = routesOf(program.project, program.settings);
  expect(routes.length).toBeGreaterThan(0);
  return routes.flatMap((route) => requestGaps(program, route) ?? []).map((one) => one.rule);
}

describe.each(requestRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  it.each(rule.examples.racy)("is seen in\n%s", (text) => {
    expect(found(text)).toContain(id);
  });

  it.each(rule.examples.safe)("is not seen in\n%s", (text) => {
    expect(found(text)).not.toContain(id);
  });
});

it("knows who gives a row to another user, and who takes it", () => {
  const text = `class Lot(models.Model):
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)


def give(request, id):
    lot = get_object_or_404(Lot, pk=id, keeper=request.user)
    lot.keeper = User.objects.get(username=request.POST["keeper"])
    lot.save()


def take(request, id):
    Lot.objects.filter(pk=id).update(keeper=request.user)


urlpatterns = [path("lots/<int:id>/give/", give), path("lots/<int:id>/take/", take)]
`;
  const program = programOf({ "views.py": text }, grammar);
  expect(program.routes.map((route) => ownersGiven(program, route))).toEqual([["keeper"], []]);
});
