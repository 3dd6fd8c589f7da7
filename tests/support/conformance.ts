import type { Target } from "../../packages/deadheat/src/race/target.ts";
import { http2 } from "../../packages/deadheat/src/race/transport/http2.ts";
import type { Burst, ScheduledRequest } from "../../packages/deadheat/src/race/transport/index.ts";
import { burstOptions, outcomes } from "../../packages/deadheat/src/testing/burst.ts";

/** A burst, and what every server that speaks HTTP/2 does with it. The server answers what it was sent. */
export interface Case {
  readonly name: string;
  readonly requests: readonly ScheduledRequest[];
  /** In words, what is wrong with it; `undefined` where it is right. */
  problem(burst: Burst): string | undefined;
}

const many = (
  count: number,
  request: (index: number) => Partial<ScheduledRequest["request"]>,
): ScheduledRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    request: { method: "POST", path: "/echo", headers: {}, ...request(index) },
    offsetMs: 0,
  }));
const numbered = (count: number, length: number): Case["requests"] =>
  many(count, (index) => ({ body: JSON.stringify({ n: index, text: "é".repeat(length / 2) }) }));
const all200 = (burst: Burst) => {
  const wrong = outcomes(burst).filter((one) => one !== 200);
  return wrong.length > 0 ? `${wrong.length} of ${burst.exchanges.length} ended with ${wrong[0]}` : undefined;
};
const echoed = (burst: Burst) => {
  const wrong = burst.exchanges.findIndex(({ body }, index) => (body as { n?: number } | null)?.n !== index);
  return all200(burst) ?? (wrong < 0 ? undefined : `the answer to request ${wrong} is another's`);
};

export const CASES: readonly Case[] = [
  { name: "20 requests with a body", requests: numbered(20, 10), problem: echoed },
  { name: "100 requests with a body", requests: numbered(100, 10), problem: echoed },
  { name: "150 requests: more than are taken at once", requests: numbered(150, 10), problem: echoed },
  { name: "10 bodies of 200 kB: windows", requests: numbered(10, 200_000), problem: echoed },
  {
    name: "20 requests without a body",
    requests: many(20, (index) => ({ method: index % 2 === 0 ? "GET" : "DELETE" })),
    problem: all200,
  },
  {
    name: "with a body and without, in turn",
    requests: many(20, (index) => (index % 2 === 0 ? { body: `{"n":${index}}` } : { method: "GET" })),
    problem: all200,
  },
  {
    name: "answers of 2 MB",
    requests: many(4, () => ({ method: "GET", path: "/echo?size=2000000" })),
    problem: (burst) =>
      all200(burst) ??
      (burst.exchanges.every(({ body }) => typeof body === "string" && body.length === 2_000_000)
        ? undefined
        : "an answer is not whole"),
  },
  {
    name: "headers of 6 kB, in several cases",
    requests: many(8, () => ({
      headers: { "X-Long": "y".repeat(6000), Authorization: "Bearer t" },
      body: "1",
    })),
    problem: all200,
  },
];

/** `ok`, or what is wrong. */
export async function conforms(target: Target, { requests, problem }: Case): Promise<string> {
  const burst = await http2.burst(target, requests, burstOptions(20_000)).catch((cause: Error) => cause);
  return burst instanceof Error ? `no burst: ${burst.message}` : (problem(burst) ?? "ok");
}

/** What each server is asked to do, in Node.js. */
export function answering(
  request: NodeJS.ReadableStream & { url?: string },
  answer: { end(text: string): void },
): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const size = Number(/size=(\d+)/.exec(request.url ?? "")?.[1] ?? 0);
    answer.end(size > 0 ? `"${"x".repeat(size)}"` : Buffer.concat(chunks).toString() || "null");
  });
}
