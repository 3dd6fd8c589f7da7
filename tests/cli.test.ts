import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, run, start } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-cli-"));
const lab = join(root, "labs", "node", "openapi.yaml");
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** Answers 401 to everything: an API that knows no token. */
const refusing = createHttpServer((_request, answer) => answer.writeHead(401).end());
let refusingUrl = "";
let closedPort = 0;

beforeAll(async () => {
  const { port } = await listen(refusing);
  refusingUrl = `http://127.0.0.1:${port}`;
  const probe = createServer();
  closedPort = (await listen(probe)).port;
  await new Promise((resolve) => probe.close(resolve));
});

afterAll(() => {
  refusing.close();
  rmSync(folder, { recursive: true, force: true });
});

function listen(server: Server): Promise<{ port: number }> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(server.address() as { port: number })),
  );
}

describe("what bad input gets: one message that says what to do, the right exit code, no stack trace", () => {
  const target = ["--target", "http://127.0.0.1:9"];
  const cases: readonly [string, () => readonly string[], RegExp, RegExp][] = [
    [
      "a missing document",
      () => ["scan", "no-such.yaml", ...target],
      /no-such\.yaml: no such file/,
      /Give the path/,
    ],
    ["a directory", () => ["scan", folder, ...target], /cannot be read \(EISDIR\)/, /Give the path/],
    [
      "broken YAML",
      () => ["scan", file("a.yaml", "a: [1\nb: }"), ...target],
      /a\.yaml:\d+:\d+: /,
      /Correct the document/,
    ],
    [
      "plain text",
      () => ["scan", file("b.yaml", "hello"), ...target],
      /not an OpenAPI 3 document/,
      /Give the path/,
    ],
    [
      "an empty file",
      () => ["scan", file("e.yaml", ""), ...target],
      /not an OpenAPI 3 document/,
      /Give the path/,
    ],
    [
      "Swagger 1",
      () => ["scan", file("c.yaml", 'swagger: "1.2"'), ...target],
      /c\.yaml:1:1: .*Swagger 1\.2/,
      /Give the path/,
    ],
    ["an alias bomb", () => ["scan", file("bomb.yaml", aliasBomb()), ...target], /alias/i, /Expand/],
    [
      "a target that is no URL",
      () => ["scan", lab, "--target", "localhost"],
      /not a URL|neither http/,
      /--target http/,
    ],
    [
      "another scheme",
      () => ["scan", lab, "--target", "ftp://127.0.0.1"],
      /neither http nor https/,
      /--target http/,
    ],
    [
      "a password in the target",
      () => ["scan", lab, "--target", "http://u:hunter2@127.0.0.1:1"],
      /holds credentials/,
      /Leave/,
    ],
    [
      "an unreachable target",
      () => ["scan", lab, "--target", `http://127.0.0.1:${closedPort}`],
      /does not answer \(ECONNREFUSED\)/,
      /Start the API/,
    ],
    [
      "a target elsewhere",
      () => ["scan", lab, "--target", "http://192.0.2.1"],
      /not on this machine/,
      /--allow http:\/\/192\.0\.2\.1 --authorized/,
    ],
    ["0.0.0.0", () => ["scan", lab, "--target", "http://0.0.0.0:1"], /not on this machine/, /--allow/],
    [
      "a number that is none",
      () => ["scan", lab, ...target, "--trials", "many"],
      /--trials many/,
      /from 1 to/,
    ],
    ["an unknown format", () => ["scan", lab, ...target, "--format", "pdf"], /--format pdf/, /console, json/],
    ["an unknown option", () => ["scan", lab, "--tokn", "x"], /unknown option '--tokn'/, /--help/],
    [
      "a history that is none",
      () => ["history", "check", lab, "--model", "kv"],
      /not JSON/,
      /does not have the form/,
    ],
    [
      "a history that is missing",
      () => ["history", "check", "no-such.log", "--model", "kv"],
      /no-such\.log: cannot be read/,
      /Give a file/,
    ],
    [
      "an unknown model",
      () => ["history", "check", lab, "--model", "kvv"],
      /no model "kvv"; there are/,
      /model names/,
    ],
    ["an unknown command", () => ["scam"], /unknown command 'scam'/, /scan|--help/],
  ];

  it.each(cases)("%s", async (_name, args, message, hint) => {
    const { code, stdout, stderr } = await run(args());
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain("hunter2");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("an option of another command: a race file has no document, and its requests are its author's", async () => {
    const { stdout } = await run(["race", "--help"]);
    expect(stdout).not.toMatch(/opt-in|document/);
    const { code, stderr } = await run(["race", "race.yaml", "--opt-in", "POST /mails"]);
    expect(stderr).toMatch(/unknown option '--opt-in'/);
    expect(code).toBe(2);
  });

  it("a reader that goes away", async () => {
    const { child, finished } = start(["race", "--help"]);
    child.stdout?.destroy();
    const { code, stderr } = await finished;
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("a token that the API rejects", async () => {
    const env = { DEADHEAT_TOKEN: "not-the-right-one" };
    const { code, stderr } = await run(["scan", lab, "--target", refusingUrl], { env });
    expect(stderr).toMatch(/rejects the token of DEADHEAT_TOKEN/);
    expect(stderr).not.toContain(env.DEADHEAT_TOKEN);
    expect(code).toBe(2);
  });

  it("a token that cannot be sent", async () => {
    const env = { DEADHEAT_TOKEN: 'Bearer "secret value"\n' };
    const { code, stderr } = await run(["scan", lab, "--target", refusingUrl], { env });
    expect(stderr).toMatch(/does not hold a token/);
    expect(stderr).not.toContain("secret value");
    expect(code).toBe(2);
  });

  it("an unexpected error is shown with its stack only with --debug", async () => {
    const plain = await run(["scan", "no-such.yaml"]);
    const debug = await run(["--debug", "scan", "no-such.yaml"]);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    expect(debug.stderr).toMatch(/^\s+at /m);
  });

  it("an API without any credential: every race is inconclusive, exit 3, or 0 where allowed", async () => {
    const args = ["scan", lab, "--target", refusingUrl, "--output", folder];
    const { code, stdout } = await run(args);
    expect(stdout).toMatch(/no credential for racyBearer; set DEADHEAT_TOKEN/);
    expect(code).toBe(3);
    expect((await run([...args, "--allow-inconclusive"])).code).toBe(0);
  });

  it("a report that cannot be written", async () => {
    const blocked = file("blocked", "");
    const { code, stderr } = await run(["scan", lab, "--target", refusingUrl, "--output", blocked]);
    expect(stderr).toMatch(/cannot be written/);
    expect(code).toBe(2);
  });
});

function aliasBomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [previous, name] of ["ab", "bc", "cd", "de", "ef", "fg"].map((pair) => [...pair]))
    lines.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(", ")}]`);
  return lines.join("\n");
}
