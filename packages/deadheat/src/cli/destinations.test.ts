import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { destinationsFrom, openReporters } from "./destinations.ts";

it.each<[string, readonly string[] | undefined, unknown]>([
  ["nothing: the console", undefined, [{ format: "console" }]],
  ["one for standard output", ["json"], [{ format: "json" }]],
  ["the same, as others write it", ["json=-"], [{ format: "json" }]],
  [
    "files: the console as well",
    ["sarif=a=b.sarif"],
    [{ format: "console" }, { format: "sarif", file: "a=b.sarif" }],
  ],
  [
    "several, in one or in many",
    ["json,junit=x.xml", "markdown=y.md"],
    [{ format: "json" }, { format: "junit", file: "x.xml" }, { format: "markdown", file: "y.md" }],
  ],
])("%s", (_name, given, expected) => {
  expect(destinationsFrom(given)).toEqual(expected);
});

it.each([
  ["two for standard output", "json,sarif", /json and sarif both want standard output/],
  ["one that is not there", "sarfi=x", /--format sarfi=x: no such format/],
  ["no file", "sarif=", /--format sarif=: no file/],
  ["a file twice", "sarif=x,junit=x", /x is named twice/],
])("%s is refused", (_name, format, message) => {
  expect(() => destinationsFrom([format])).toThrow(message);
});

it("a file that cannot be written is told of when it is opened", async () => {
  const paths = { report: () => "", page: () => "", finding: () => "", history: () => "" };
  const opened = openReporters([{ format: "json", file: tmpdir() }], { folder: "/", paths });
  await expect(opened).rejects.toThrow(/cannot be written \(EISDIR\)/);
});
