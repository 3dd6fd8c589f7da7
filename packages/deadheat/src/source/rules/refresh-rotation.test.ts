import { beforeAll, expect, it } from "vitest";
import { analyseTexts } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const found = (settings: string, view: string) =>
  analyseTexts({ "settings.py": settings, "views.py": view }, grammar).map(
    (one) => `${one.rule} ${one.line}`,
  );
const RETIRES = 'SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}\n';
const KEEPS = 'SIMPLE_JWT = {"ROTATE_REFRESH_TOKENS": True}\n';
const VIEW = `def refresh(request):
    body = TokenRefreshSerializer().validate({"refresh": request.data["refresh"]})
    return Response(body)
`;

it("knows what simplejwt's serializer does where it retires tokens, and not under a lock", () => {
  expect(found(RETIRES, VIEW)).toEqual(["refresh-rotation 2"]);
  expect(found(KEEPS, VIEW)).toEqual([]);
  const locked = `@transaction.atomic
def refresh(request):
    session = Session.objects.select_for_update().get(jti=request.data["jti"])
    body = TokenRefreshSerializer().validate({"refresh": request.data["refresh"]})
    return Response(body)
`;
  expect(found(RETIRES, locked)).toEqual([]);
});

it("a cache that is invalidated is no token that is retired", () => {
  const view = (retire: string) => `def renew(request, token):
    ${retire}
    return Response({"token": tokens.create_token(request.user)})
`;
  expect(found("", view("token.invalidate()"))).toEqual(["refresh-rotation 2"]);
  expect(found("", view('cachebuster.invalidate("bans")'))).toEqual([]);
  expect(found("", view("bans_cache.invalidate()"))).toEqual([]);
});
