import { describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "./options.ts";

describe("parseOptions", () => {
  it("has a default for everything", () => {
    expect(parseOptions([])).toEqual({
      lab: { port: 0, think: 20, databaseLatency: 0, connections: 25, suites: [] },
      json: false,
      ownerPipe: false,
    });
  });

  it("reads every switch", () => {
    const args = [
      ..."--port 4010 --think 5 --database-latency 2 --connections 30".split(" "),
      ..."--suite tokens --suite resources --right version --mail [::1]:25 --json --owner-pipe".split(" "),
    ];
    expect(parseOptions(args)).toEqual({
      lab: {
        port: 4010,
        think: 5,
        databaseLatency: 2,
        connections: 30,
        suites: ["tokens", "resources"],
        right: "version",
        mail: { host: "::1", port: 25 },
      },
      json: true,
      ownerPipe: true,
    });
  });

  it("knows the mistakes by name", () => {
    expect(parseOptions(["--broken", "commit-early"])).toMatchObject({ lab: { broken: "commit-early" } });
    expect(() => parseOptions(["--broken", "lock"])).toThrow(
      /--broken takes one of lock-removed, .*commit-early/,
    );
  });

  it.each([
    "--suite toString",
    "--right toString",
    "--mail 127.0.0.1",
    "--mail 127.0.0.1:0",
    "--mail mail.example.com:25",
    "--broken toString",
    "--broken",
    "--port 65536",
    "--port -1",
    "--port x",
    "--think 1.5",
    "--think",
    "--connections 0",
    "--nonsense",
    "stray",
  ])("refuses: %s", (args) => {
    expect(() => parseOptions(args.split(" "))).toThrow(UsageError);
  });
});
