import { beforeAll, describe, expect, it } from "vitest";
import { programOf } from "../analyze-text.ts";
import { type Grammar, loadGrammar } from "../parse/grammar.ts";
import { authenticatorGaps } from "./authenticators.ts";

let grammar: Grammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const VIEWS = `from rest_framework.authentication import TokenAuthentication
from rest_framework.views import APIView


class Rename(APIView):
    def post(self, request):
        Profile.objects.filter(owner=request.user).update(name=request.data["name"])


class Forget(APIView):
    def post(self, request):
        Profile.objects.filter(owner=request.user).delete()


class Show(APIView):
    def get(self, request):
        return Response(Profile.objects.filter(owner=request.user).values())


urlpatterns = [path("name/", Rename.as_view()), path("forget/", Forget.as_view()), path("me/", Show.as_view())]
`;
const settingsOf = (authenticator: string) =>
  `REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["${authenticator}"]}\n`;
const gapsIn = (files: Readonly<Record<string, string>>) => authenticatorGaps(programOf(files, grammar));

describe("authenticators whose tokens are acted on after their revocation", () => {
  it("are said once each, low, with one way and how many more there are", () => {
    const gaps = gapsIn({
      "settings.py": settingsOf("rest_framework.authentication.TokenAuthentication"),
      "views.py": VIEWS,
    });
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ rule: "authenticated-then-act", severity: "low", confidence: "low" });
    expect(gaps[0]?.message).toContain("1 more route that may write is let in by it");
    // Where it is named, and not at what one of its routes happens to write.
    expect(gaps[0]).toMatchObject({ file: "views.py", line: 5, function: "Rename" });
    expect(gaps[0]?.path.map(({ role }) => role)).toEqual(["route", "authentication", "write"]);
  });

  it("are none where a signature is all there is, where the handler locks the token, and where a comment says why", () => {
    const jwt = settingsOf("rest_framework_simplejwt.authentication.JWTAuthentication");
    expect(gapsIn({ "settings.py": jwt, "views.py": VIEWS })).toEqual([]);
    const own = `class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        key = ApiKey.objects.filter(secret=request.headers["Authorization"]).first()
        return (key.owner, key) if key else None
`;
    const keyed = settingsOf("keys.KeyAuthentication");
    const found = gapsIn({ "settings.py": keyed, "keys.py": own, "views.py": VIEWS });
    expect(found).toMatchObject([{ file: "keys.py", line: 3, function: "KeyAuthentication.authenticate" }]);
    const ignored = own.replace(
      "        key =",
      "        # deadheat: ignore[authenticated-then-act] keys live for a minute\n        key =",
    );
    expect(gapsIn({ "settings.py": keyed, "keys.py": ignored, "views.py": VIEWS })).toEqual([]);
  });
});
