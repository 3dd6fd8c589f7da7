import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../packages/deadheat/src/cli/commands/index.ts";
import { completionFor } from "../packages/deadheat/src/cli/completion/index.ts";
import { lacking } from "./support/debian.ts";

const missing = (await lacking({ zsh: ["zsh", "--version"], fish: ["fish", "--version"] })) ?? false;
const folder = mkdtempSync(join(tmpdir(), "deadheat-completion-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scriptFor(shell: string): string {
  const program = new Command("deadheat");
  for (const declare of COMMANDS) declare(program);
  const file = join(folder, shell);
  writeFileSync(file, completionFor(shell, program));
  return file;
}

const output = (program: string, ...args: string[]) =>
  execFileSync(program, args, { encoding: "utf8" }).trim();

describe("bash", () => {
  const file = scriptFor("bash");
  const completed = (...words: string[]) =>
    output(
      "bash",
      "--norc",
      "-c",
      `source "$0"; COMP_WORDS=(deadheat "$@"); COMP_CWORD=$#; _deadheat; printf '%s\\n' "\${COMPREPLY[@]}"`,
      file,
      ...words,
    ).split("\n");

  it.each<[string[], string[]]>([
    [["com"], ["compare", "completion"]],
    [["scan", "--fo"], ["--format"]],
    [
      ["scan", "--format", "j"],
      ["json", "junit"],
    ],
    [["scan", "--fail-on", "s"], ["suspected"]],
    [["explain", "lost"], ["lost-update"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [
      ["scan", "/etc/host"],
      ["/etc/hostname", "/etc/hosts"],
    ],
    [["no-such-command", "--x"], [""]],
  ])("%j", (words, expected) => {
    const found = completed(...words);
    for (const one of expected) expect(found).toContain(one);
    if (words[0] !== "scan" || words[1]?.startsWith("-")) expect(found).toHaveLength(expected.length);
  });
});

it("another shell is refused", () => {
  expect(() => scriptFor("tcsh")).toThrow(/no such shell/);
});

describe.skipIf(missing !== false)("fish and zsh", () => {
  it("fish completes", () => {
    const file = scriptFor("fish");
    const completed = (line: string) =>
      output("fish", "--no-config", "-c", `source ${file}; complete -C '${line}'`)
        .split("\n")
        .map((one) => one.split("\t")[0]);
    expect(completed("deadheat com")).toEqual(["compare", "completion"]);
    expect(completed("deadheat scan --form")).toEqual(["--format"]);
    expect(completed("deadheat scan --format j")).toEqual(["json", "junit"]);
    expect(completed("deadheat explain lost")).toContain("lost-update");
  });

  it("zsh takes it, and asks its own functions for what fits", () => {
    const file = scriptFor("zsh");
    const asked = (...words: string[]) =>
      output(
        "zsh",
        "-f",
        "-c",
        `compdef() { : }; source ${file}
         _describe() { print -l -- "\${(P@)2}" }; _arguments() { print -l -- "$@" }
         words=(deadheat ${words.join(" ")}); CURRENT=${words.length + 1}; _deadheat`,
      ).split("\n");
    expect(asked("com").join("\n")).toMatch(/^compare:what is fixed/m);
    const options = asked("scan", "--form");
    expect(options.find((one) => one.startsWith("*--format["))).toMatch(/:value:\(console json /);
    expect(options.at(-1)).toBe("*:file:_files");
  });
});
