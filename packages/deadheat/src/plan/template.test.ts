import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestTemplate } from "./credential.ts";
import { fillTemplate, fillText, variablesIn } from "./template.ts";

const place = (name: string) => `\${${name}}`;
const template = (parts: Partial<RequestTemplate>): RequestTemplate => ({
  method: "POST",
  path: "/",
  headers: {},
  ...parts,
});
const fill = (parts: Partial<RequestTemplate>, values: Record<string, string>) =>
  fillTemplate(template(parts), (name) => (Object.hasOwn(values, name) ? values[name] : undefined));

describe("a request with variables", () => {
  it("every text is filled: in the path percent-encoded, in JSON it stays text", () => {
    const filled = fill(
      {
        path: `/users/${place("id")}?q=${place("id")}`,
        headers: { "x-key": `k-${place("id")}` },
        json: { a: [place("n"), 1, null, { b: place("id") }] },
        form: { c: place("id") },
      },
      { id: "a/b c?", n: "7" },
    );
    expect(filled).toEqual({
      request: {
        method: "POST",
        path: "/users/a%2Fb%20c%3F?q=a%2Fb%20c%3F",
        headers: { "x-key": "k-a/b c?" },
        json: { a: ["7", 1, null, { b: "a/b c?" }] },
        form: { c: "a/b c?" },
      },
    });
  });

  it("a doubled dollar is meant as it is; a value is not filled again", () => {
    expect(variablesIn(`$${place("a")} ${place("b")} $b {c}`)).toEqual(["b"]);
    expect(fillText(`$${place("a")} ${place("b")}`, () => place("a"))).toBe(`${place("a")} ${place("a")}`);
  });

  it.each([
    [
      "a variable without a value",
      { json: { a: place("nothing") } },
      `${place("nothing")} has no value here`,
    ],
    ["an inherited name", { path: `/${place("toString")}` }, `${place("toString")} has no value here`],
    [
      "a line break in a header",
      { headers: { "x-a": place("lines") } },
      "the header x-a would hold a control character",
    ],
    ["a path that would name a host", { path: `/${place("empty")}/users` }, "a part of the path is empty"],
  ])("%s cannot be sent", (_name, parts, problem) => {
    expect(fill(parts, { lines: "secret\r\nx-b: 1", empty: "" })).toEqual({ problem });
  });

  it("whatever a value holds, the path stays on its origin and keeps its segments", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const filled = fill({ path: `/a/${place("v")}/z?q=${place("v")}` }, { v: value });
        if ("problem" in filled) throw new Error(filled.problem);
        const url = new URL(`http://target.test${filled.request.path}`);
        expect(url.host).toBe("target.test");
        // WHATWG URL resolves `.` and `..`, encoded or not: those stay on the origin as well.
        if (!/^\.{1,2}$/.test(value)) expect(url.pathname.split("/")).toHaveLength(4);
        expect(url.searchParams.get("q")).toBe(value.replace(/\p{Surrogate}/gu, "\ufffd"));
      }),
    );
  });
});
