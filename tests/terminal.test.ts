import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../packages/deadheat/src/index.ts";
import { executable, root } from "./support/command.ts";

const folder = mkdtempSync(join(tmpdir(), "deadheat-terminal-"));
/** Answers 401 to everything: an API that knows no token. */
const refusing = createServer((_request, answer) => answer.writeHead(401).end());
let scan: readonly string[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  const lab = join(root, "labs", "node", "openapi.yaml");
  scan = ["scan", lab, "--target", url, "--output", folder, "--seed", "look"];
});

afterAll(() => {
  refusing.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command on a terminal of so many columns, and copies what that is told. */
const TERMINAL = `
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        told = os.read(terminal, 65536)
    except OSError:
        break
    if not told:
        break
    sys.stdout.buffer.write(told)
os.waitpid(child, 0)
`;

function onTerminal(
  columns: number,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, DEADHEAT_TOKEN: _token, ...rest } = process.env;
  const command = ["-c", TERMINAL, String(columns), process.execPath, executable, ...args];
  const options = { env: { ...rest, TERM: "xterm", ...env }, cwd: root, maxBuffer: 10_000_000 };
  return new Promise((resolve, reject) =>
    execFile("python3", command, options, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  );
}

/** The rows that a terminal of this width shows in the end, those that scrolled away among them. */
function rowsOf(told: string, columns: number): string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  const below = () => {
    row++;
    rows[row] ??= [];
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what a terminal reads
  for (const [token] of told.matchAll(/\u001b\[[0-9;?]*[A-Za-z]|[\s\S]/gu)) {
    if (token === "\r") column = 0;
    else if (token === "\n") below();
    else if (token === "\u001b[2K") rows[row] = [];
    else if (!token.startsWith("\u001b")) {
      if (column === columns) {
        below();
        column = 0;
      }
      const cells = rows[row] as string[];
      cells[column++] = token;
    }
  }
  return rows.map((cells) =>
    Array.from(cells, (cell) => cell ?? " ")
      .join("")
      .trimEnd(),
  );
}

const ERASED = "\u001b[2K";

describe("on a terminal", () => {
  it("a narrow one: the progress line leaves nothing of itself between the results", async () => {
    const told = await onTerminal(40, scan);
    expect(told.split(ERASED).filter((part) => /^ {2}race {4}\d+\/\d+ /.test(part)).length).toBeGreaterThan(
      0,
    );
    const rows = rowsOf(told, 40);
    expect(rows.filter((row) => /race {4}\d+\/\d+ /.test(row))).toEqual([]);
    const { outcomes } = JSON.parse(readFileSync(join(folder, "look", "report.json"), "utf8")) as Report;
    const open = outcomes.filter((one) => one.status === "inconclusive");
    expect(open.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.startsWith("? "))).toHaveLength(open.length);
    expect(rows.some((row) => row.startsWith("report  "))).toBe(true);
  }, 120_000);

  it("has colours, and none with NO_COLOR", async () => {
    expect(await onTerminal(80, ["explain", "lost-update"])).toContain("\u001b[1m");
    expect(await onTerminal(80, ["explain", "lost-update"], { NO_COLOR: "1" })).not.toContain("\u001b");
  }, 120_000);
});
