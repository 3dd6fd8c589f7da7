import { describe, expect, it } from "vitest";
import { loadDocument, planDocument } from "../packages/deadheat/src/spec/index.ts";
import * as codes from "./targets/codes.ts";
import { type Pairs, pairsTarget } from "./targets/pairs.ts";
import { lines, scanned } from "./targets/scanned.ts";

const REFRESH = { weaknesses: ["refresh-reuse"], trials: 3 };
/** What came of it: where a trial spans the end of a second, even these can be told apart. */
/** What is said of two tokens that are one depends on the second in which they were signed. */
const NOT_TOLD =
  /: (inconclusive \((answers of one second hold the same JSON Web Token|one refresh token, exchanged once, gives nothing)|proven)/;

async function outcome(pairs: Pairs): Promise<string> {
  const target = await pairsTarget(pairs);
  try {
    return lines((await scanned(target, REFRESH)).report).join("\n");
  } finally {
    await target.stop();
  }
}

const cases = (...all: Pairs[]) => all.map((one) => [JSON.stringify(one), one] as const);

describe("pairs of tokens", () => {
  it.concurrent.each(
    cases(
      { shape: "camel" },
      { shape: "nested" },
      { shape: "objects" },
      { jwt: "access" },
      { jwt: "access", endsAccess: true, shape: "snake" },
      { carriedBy: "header" },
      { carriedBy: "authorization" },
    ),
  )("are exchanged twice: %s", async (_name, pairs) => {
    expect(await outcome(pairs)).toBe("refresh-reuse POST /enter/again: proven");
  });

  it.concurrent.each(
    cases(
      { right: true, shape: "objects" },
      { right: true, jwt: "both" },
      { right: true, jwt: "access", endsAccess: true },
      { right: true, carriedBy: "header" },
      { right: true, carriedBy: "authorization" },
    ),
  )("are exchanged once: %s", async (_name, pairs) => {
    expect(await outcome(pairs)).toBe("refresh-reuse POST /enter/again: not-observed");
  });

  it.concurrent("that cannot be told apart are not said to be one", async () => {
    expect(await outcome({ jwt: "both" })).toMatch(NOT_TOLD);
  });

  it("whose refresh token is a cookie are said not to be judged", async () => {
    const target = await pairsTarget({ carriedBy: "cookie" });
    const plan = planDocument(await loadDocument(target.document));
    await target.stop();
    expect(plan.candidates.filter((one) => one.weakness === "refresh-reuse")).toEqual([]);
    expect(plan.omitted.map(({ operation, reason }) => `${operation.path}: ${reason}`)).toEqual([
      "/enter/again: its refresh token seems to travel in a cookie, and cookies are not sent: refresh-reuse is not judged",
    ]);
  });
});

describe("codes for JSON Web Tokens of whole seconds", () => {
  const spent = async (spend: (typeof codes.RACY)[string] | undefined) => {
    const target = await codes.codesTarget(spend as never, { jwt: true });
    try {
      const { report } = await scanned(target, { weaknesses: ["single-use-code"], trials: 3 });
      return lines(report).join("\n");
    } finally {
      await target.stop();
    }
  };

  it.concurrent("sessions that cannot be told apart are not said to be one", async () => {
    expect(await spent(codes.RACY["looks, works, marks"])).toMatch(NOT_TOLD);
  });
});
