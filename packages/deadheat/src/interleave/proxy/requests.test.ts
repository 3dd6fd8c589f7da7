import fc from "fast-check";
import { expect, it } from "vitest";
import { message } from "../wire/messages.ts";
import { Answers } from "./answers.ts";
import type { Observer, Statement } from "./observer.ts";
import { Requests } from "./requests.ts";

const text = (...parts: string[]) => Buffer.from(`${parts.join("\0")}\0`);
const query = (sql: string) => message(0x51, text(sql));
const parse = (name: string, sql: string) => message(0x50, Buffer.concat([text(name, sql), Buffer.alloc(2)]));
const bind = (name: string) => message(0x42, Buffer.concat([text("", name), Buffer.alloc(6)]));
const execute = message(0x45, Buffer.concat([text(""), Buffer.alloc(4)]));
const sync = message(0x53, Buffer.alloc(0));
const ready = (state: string) => message(0x5a, Buffer.from(state));
const complete = (tag: string) => message(0x43, text(tag));

function connection(initial?: Observer) {
  const written: Buffer[] = [];
  let observer = initial;
  let paused = false;
  const sink = {
    write: (bytes: Buffer) => void written.push(Buffer.from(bytes)),
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    isolationSet: () => {},
  };
  const answers = new Answers(
    () => observer,
    () => {},
  );
  const requests = new Requests({ id: 1, pid: 7 }, sink, answers, () => observer);
  return {
    requests,
    answers,
    observe: (next: Observer | undefined) => {
      observer = next;
      if (!next) requests.flush();
    },
    written: () => Buffer.concat(written),
    paused: () => paused,
  };
}

function heard(answers: Answers, ...messages: Buffer[]) {
  for (const bytes of messages) answers.heard(bytes[0] as number, bytes, 5, bytes.length);
}

it("hands on the same bytes whether or not somebody looks, wherever they start and stop looking", () => {
  const traffic = fc.array(
    fc.oneof(
      fc.string().map((sql) => query(sql)),
      fc.string().map((sql) => Buffer.concat([parse("s", sql), bind("s"), execute, sync])),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => message(0x64, Buffer.from(bytes))),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 12 },
  );
  const looks = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(traffic, looks, fc.integer({ min: 1, max: 50 }), (messages, turns, size) => {
      const { requests, observe, written } = connection();
      const whole = Buffer.concat(messages);
      let turn = 0;
      for (let at = 0; at < whole.length; at += size) {
        const looking = turns[turn++ % turns.length];
        observe(looking ? { statement: () => undefined, answered: () => {} } : undefined);
        requests.push(whole.subarray(at, at + size));
      }
      observe(undefined);
      expect(written().equals(whole)).toBe(true);
    }),
  );
});

it("holds a statement with its Bind, since that takes the snapshot, and what comes after it", async () => {
  let go = () => {};
  const seen: string[] = [];
  const { requests, written, paused } = connection({
    statement: ({ text }) => {
      seen.push(text);
      return new Promise((resolve) => {
        go = resolve;
      });
    },
    answered: () => {},
  });
  const unit = Buffer.concat([parse("", "UPDATE t SET a = $1"), bind(""), execute, sync]);
  requests.push(unit.subarray(0, 30));
  requests.push(unit.subarray(30));
  expect(seen).toEqual(["UPDATE t SET a = $1"]);
  expect(written()).toHaveLength(0);
  expect(paused()).toBe(true);
  go();
  await Promise.resolve();
  await Promise.resolve();
  expect(written().equals(unit)).toBe(true);
  expect(paused()).toBe(false);
});

it("knows what was prepared before anybody looked", () => {
  const seen: Statement[] = [];
  const { requests, observe, answers } = connection();
  requests.push(Buffer.concat([parse("p1", "SELECT 1"), sync]));
  heard(answers, ready("I"));
  observe({ statement: (one) => void seen.push(one), answered: () => {} });
  requests.push(Buffer.concat([bind("p1"), execute, sync]));
  expect(seen.map((one) => one.text)).toEqual(["SELECT 1"]);
});

it("tells which answer belongs to which of pipelined statements, and which were skipped after an error", () => {
  const answered: [string, unknown, string][] = [];
  const { requests, answers } = connection({
    statement: () => undefined,
    answered: ({ text }, answer, after) => void answered.push([text, answer, after]),
  });
  const unit = (sql: string) => [parse("", sql), bind(""), execute];
  requests.push(Buffer.concat([...unit("A"), ...unit("B"), ...unit("C"), sync, query("D")]));
  const error = message(0x45, Buffer.from("SERROR\0C40001\0Mx\0\0"));
  heard(answers, complete("SELECT 1"), error, ready("E"), complete("ROLLBACK"), ready("I"));
  expect(answered).toEqual([
    ["A", { tag: "SELECT 1" }, "failed"],
    ["B", { error: "40001" }, "failed"],
    ["C", {}, "failed"],
    ["D", { tag: "ROLLBACK" }, "idle"],
  ]);
});

it("does not count the Sync that the server ignored during COPY", () => {
  const answered: string[] = [];
  const { requests, observe, answers } = connection();
  requests.push(Buffer.concat([parse("", "COPY t FROM STDIN"), bind(""), execute, sync]));
  requests.push(Buffer.concat([message(0x64, Buffer.from("1\n")), message(0x63, Buffer.alloc(0)), sync]));
  heard(answers, complete("COPY 1"), ready("I"));
  observe({ statement: () => undefined, answered: ({ text }) => void answered.push(text) });
  requests.push(query("SELECT 1"));
  heard(answers, complete("SELECT 1"), ready("I"));
  expect(answered).toEqual(["SELECT 1"]);
});
