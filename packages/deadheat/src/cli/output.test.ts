import { describe, expect, it } from "vitest";
import { standardOutput } from "./output.ts";

const outputTo = (isTTY: boolean, env: Readonly<Record<string, string>>) => {
  const { color, live } = standardOutput({ isTTY, columns: 40 } as NodeJS.WriteStream, env);
  return { color, live };
};

describe("colour and the progress line", () => {
  it.each([
    ["a terminal", true, {}, { color: true, live: true }],
    ["a file or a pipe", false, {}, { color: false, live: false }],
    ["NO_COLOR", true, { NO_COLOR: "1" }, { color: false, live: true }],
    ["an empty NO_COLOR says nothing", true, { NO_COLOR: "" }, { color: true, live: true }],
    ["FORCE_COLOR into a pipe", false, { FORCE_COLOR: "1" }, { color: true, live: false }],
    ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, { color: false, live: true }],
    [
      "NO_COLOR goes before FORCE_COLOR",
      false,
      { FORCE_COLOR: "1", NO_COLOR: "1" },
      { color: false, live: false },
    ],
    ["CI", true, { CI: "true" }, { color: true, live: false }],
    ["CI=false", true, { CI: "false" }, { color: true, live: true }],
    ["a terminal that can do nothing", true, { TERM: "dumb" }, { color: false, live: false }],
  ])("%s", (_name, isTTY, env, expected) => {
    expect(outputTo(isTTY, env as unknown as Record<string, string>)).toEqual(expected);
  });
});
