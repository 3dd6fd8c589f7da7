import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { analyse } from "../packages/deadheat/src/spec/analyse.ts";
import { annotate } from "../packages/deadheat/src/spec/annotate.ts";
import { parseOpenApi } from "../packages/deadheat/src/spec/index.ts";
import { planAsJson } from "../packages/deadheat/src/spec/output/json.ts";
import { planAsMermaid } from "../packages/deadheat/src/spec/output/mermaid.ts";
import { planSchema } from "../packages/deadheat/src/spec/output/schema.ts";
import { json, object, takes } from "../packages/deadheat/src/testing/analysed.ts";
import { root, run } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-plan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lab = join(root, "labs", "node", "openapi.yaml");
const labText = readFileSync(lab, "utf8");

describe("deadheat plan", () => {
  it("JSON has the keys of the design, and every candidate a plan or a reason", async () => {
    const { code, stdout, stderr } = await run(["plan", lab, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const told = JSON.parse(stdout);
    expect(Object.keys(told)).toEqual(
      expect.arrayContaining(["schema", "operations", "links", "candidates", "unlinked", "problems"]),
    );
    expect(told.operations[0]).toMatchObject({
      id: expect.any(String),
      method: "POST",
      path: "/racy/users",
      security: [],
      kind: "create",
      tokenLifecycle: null,
      location: { file: lab, line: 22, column: 5 },
    });
    expect(told.links[0]).toMatchObject({
      producer: expect.any(String),
      consumer: expect.any(String),
      parameter: "code",
      via: "response",
    });
    const weaknesses = told.candidates.map((one: { weakness: string }) => one.weakness);
    expect(weaknesses).toEqual(expect.arrayContaining(["lost-update", "limit-overrun", "revocation-race"]));
    for (const one of told.candidates) expect([one.plan, one.reason].filter(Boolean)).toHaveLength(1);
  });

  it.each(["openapi.yaml", "openapi-tokens.yaml", "openapi-resources.yaml"])(
    "of %s fits the published schema",
    (name) => {
      const document = parseOpenApi(name, readFileSync(join(root, "labs", "node", name), "utf8"));
      const told = JSON.parse(planAsJson(analyse(document)));
      expect(planSchema.strict().safeParse(told).error).toBeUndefined();
    },
  );

  it("takes document and opt-ins from deadheat.yaml, without the secrets that it names", async () => {
    const inside = mkdtempSync(join(folder, "configured-"));
    const path = "/orders/{id}/payments";
    const id = [{ in: "path", name: "id", required: true, schema: { type: "string" } }];
    const made = {
      201: { content: { "application/json": { schema: { properties: { id: { type: "string" } } } } } },
    };
    writeFileSync(
      join(inside, "api.json"),
      JSON.stringify({
        openapi: "3.1.0",
        info: { title: "T", version: "1" },
        security: [{ t: [] }],
        components: { securitySchemes: { t: { type: "http", scheme: "bearer" } } },
        paths: {
          "/orders": { post: { responses: made } },
          "/orders/{id}": {
            parameters: id,
            get: { responses: { 200: json(object({ balance: "number" })) } },
          },
          [path]: { parameters: id, post: { summary: "Pay", ...takes({ amount: "number" }), responses: {} } },
        },
      }),
    );
    const config = { document: "api.json", principals: { a: { token: { env: "NOT_SET_ANYWHERE" } } } };
    const planned = async (more: object) => {
      writeFileSync(join(inside, "deadheat.yaml"), JSON.stringify({ ...config, ...more }));
      const { code, stdout, stderr } = await run(["plan", "--json"], { cwd: inside });
      expect([code, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout).candidates.find(
        (one: { weakness: string }) => one.weakness === "lost-update",
      );
    };
    expect((await planned({})).reason).toMatch(/may move money: needs --opt-in/);
    expect((await planned({ optIn: [`POST ${path}`] })).plan).toBeDefined();
  });

  it("text shows what would be sent and that nothing was; a terminal gets no escapes of the document", async () => {
    const text = labText.replaceAll("/racy/profile/score:", '"/racy/\\e[31mprofile/score":');
    const file = join(folder, "escapes.yaml");
    writeFileSync(file, text);
    const { stdout } = await run(["plan", file]);
    expect(stdout).toMatch(/race {6}\s+2–20 × POST \/racy\/coupons\/\$\{code\}\/redeem/);
    expect(stdout).toMatch(/changes {2}\d.* a trial, \d+ in 60 trials at most; /);
    expect(stdout.trimEnd()).toMatch(/Nothing was sent\.$/);
    expect(stdout).not.toContain("\u001b");
  });

  it("a document with mistakes: what can be told, the mistake with its place, exit 2", async () => {
    const file = join(folder, "twice.yaml");
    writeFileSync(file, "openapi: 3.1.0\ninfo: {}\npaths:\n  /a:\n    post: {}\n    post: {}\n");
    const { code, stdout } = await run(["plan", file]);
    expect(stdout).toContain("1 operations");
    expect(stdout).toMatch(/! .*twice\.yaml:6:5: Map keys must be unique/);
    expect(code).toBe(2);
  });

  it("--mermaid: a flowchart in which names of the document are only names", () => {
    const id = (name: string) => [{ in: "path", name, required: true, schema: { type: "string" } }];
    const made = {
      201: { content: { "application/json": { schema: { properties: { id: { type: "string" } } } } } },
    };
    const paths = {
      '/k"]; click x': { post: { responses: made } },
      '/k"]; click x/{id}': { get: { parameters: id("id") } },
    };
    const text = planAsMermaid(analyse(parseOpenApi("m.json", JSON.stringify({ openapi: "3.1.0", paths }))));
    expect(text.split("\n").slice(0, 4)).toEqual([
      "flowchart LR",
      '  o0["POST /k#34;#93;#59; click x"]',
      '  o1["GET /k#34;#93;#59; click x/{id}"]',
      '  o0 -->|"id"| o1',
    ]);
  });
});

describe("plan --annotate", () => {
  const jsonText = `${JSON.stringify(parse(labText), null, 2)}\n`;

  it.each([
    ["YAML", "lab.yaml", labText],
    ["JSON", "lab.json", jsonText],
  ])("%s: everything else stays, and what is read back is what was inferred", (_name, name, text) => {
    const before = parseOpenApi(name, text);
    const { text: annotated, count, left } = annotate(before);
    expect([count, left]).toEqual([20, 0]);
    const after = parseOpenApi(name, annotated);
    const bare = JSON.stringify(after.root, (key, value) => (key === "x-deadheat" ? undefined : value));
    expect(bare).toBe(JSON.stringify(before.root));
    const told = analyse(after);
    expect(told.operations.map(({ kind, tokenLifecycle }) => [kind, tokenLifecycle])).toEqual(
      analyse(before).operations.map(({ kind, tokenLifecycle }) => [kind, tokenLifecycle]),
    );
    expect(new Set(told.links.filter(({ place }) => place === "path").map(({ via }) => via))).toEqual(
      new Set(["x-deadheat"]),
    );
    // What a person has corrected is not written over.
    expect(annotate(after)).toMatchObject({ count: 0, left: 20, text: annotated });
  });

  it("writes into the document, and a corrected annotation is believed", async () => {
    const file = join(folder, "annotated.yaml");
    writeFileSync(file, labText);
    expect((await run(["plan", file, "--annotate"])).stdout).toContain("20 operations annotated");
    const text = readFileSync(file, "utf8");
    expect(text).toContain('x-deadheat: {"kind":"action","lifecycle":"revoke"}');
    writeFileSync(file, text.replaceAll('"lifecycle":"revoke"', '"lifecycle":"none"'));
    const told = JSON.parse((await run(["plan", file, "--json"])).stdout);
    expect(told.candidates.map((one: { weakness: string }) => one.weakness)).not.toContain("revocation-race");
  });
});
