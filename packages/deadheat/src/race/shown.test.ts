import { expect, it } from "vitest";
import { maskWith } from "../findings/redact.ts";
import type { Exchange } from "./exchange.ts";
import { knownSecrets, shownAnswer, shownRequest } from "./shown.ts";

const mask = maskWith("salt");
const exchange: Exchange = {
  request: {
    method: "POST",
    path: "/login?access_token=tok-1234",
    headers: { Authorization: "Bearer hunter2hunter2", "Content-Type": "application/json", "x-api-key": "k" },
    body: '{"password":"hunter2","amount":3}',
  },
  invoke: 0,
  return: 1,
  status: 200,
  headers: { "set-cookie": "session=abc" },
  body: { access: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", refreshToken: "short", score: 8 },
};

it("a request and its answer are shown without a secret in them", () => {
  const request = shownRequest(exchange, mask);
  const answer = shownAnswer(exchange, mask);
  expect(request).toEqual({
    method: "POST",
    path: `/login?access_token=${mask("tok-1234")}`,
    headers: {
      authorization: `Bearer ${mask("hunter2hunter2")}`,
      "content-type": "application/json",
      "x-api-key": mask("k"),
    },
    body: JSON.stringify({ password: mask("hunter2"), amount: 3 }),
  });
  expect(JSON.stringify({ request, answer })).not.toMatch(/hunter2|tok-1234|eyJhbGci|"short"|session=/);
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('"score":8') });
});

it("bodies of 10 MB are cut, whatever they are", () => {
  const long = "<script>".repeat(1_250_000);
  const text = shownRequest({ ...exchange, request: { ...exchange.request, body: long } }, mask);
  const rows = shownAnswer({ ...exchange, body: Array(200_000).fill({ name: long.slice(0, 50) }) }, mask);
  expect(text.body?.length).toBeLessThan(2100);
  expect(rows?.body?.length).toBeLessThan(2100);
});

it("what was not answered has no answer", () => {
  const { status: _, ...pending } = exchange;
  expect(shownAnswer(pending, mask)).toBeUndefined();
});

it("a credential that a request carried is masked wherever it stands, whatever it looks like", () => {
  const headers = {
    authorization: "Token plainword",
    cookie: "sid=otherword; theme=dark",
    accept: "application/json",
  };
  const echoing: Exchange = {
    ...exchange,
    request: { method: "GET", path: "/me/plainword", headers },
    body: { hello: "plainword", list: ["x otherword y", `${"-".repeat(1996)}plainword`] },
  };
  const knowing = maskWith("salt", knownSecrets([echoing]));
  const shown = JSON.stringify([shownRequest(echoing, knowing), shownAnswer(echoing, knowing)]);
  expect(shown).not.toMatch(/plain|otherword/);
  expect(shown).toContain(`/me/${knowing("plainword")}`);
  expect(shown).toContain("application/json");
});
