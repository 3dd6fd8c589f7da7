import { describe, expect, it } from "vitest";
import { race } from "./race.ts";
import type { RaceInput } from "./race-input.ts";

const given = {
  target: "http://127.0.0.1:1",
  concurrent: ["POST /a", "POST /b"],
  observe: [{ request: "GET /a", extract: { stock: "$.stock" } }],
} as const;

/** Never called: what is checked here is checked by the compiler. */
export function wrongFieldsDoNotCompile(): void {
  void race({ ...given, invariant: ({ after }) => after.stock >= 0 });
  void race({ ...given, model: "counter" });
  // @ts-expect-error: a name that no observe step extracts
  void race({ ...given, invariant: ({ after }) => after.stok >= 0 });
  // @ts-expect-error: the key is invariant
  void race({ ...given, invarient: "true" });
  // @ts-expect-error: neither an invariant nor a model
  void race({ ...given });
  // @ts-expect-error: both
  void race({ ...given, invariant: "true", model: "counter" });
  // @ts-expect-error: a function has to say true or false
  void race({ ...given, invariant: ({ after }) => `${after.stock}` });
  // @ts-expect-error: the key is count
  void race({ ...given, invariant: "true", concurrent: [{ request: "POST /a", cuont: 2 }] });
  // @ts-expect-error: a list has a length
  void race({ ...given, invariant: ({ answers }) => answers.count > 1 });
  // @ts-expect-error: there are http1 and http2
  void race({ ...given, invariant: "true", transports: ["http3"] });
  // @ts-expect-error: a principal has token, tokens, register, login or oauth2
  void race({ ...given, invariant: "true", principals: { alice: { tokn: { value: "x" } } } });
}

describe("race()", () => {
  it("rejects what a program without types states wrongly, and says what was meant", async () => {
    const wrong = { ...given, invarient: "true" } as unknown as RaceInput<"stock">;
    await expect(race(wrong)).rejects.toMatchObject({
      code: "scenario-invalid",
      message: "race(): invarient: unknown key; did you mean invariant?",
    });
  });

  it("rejects a target beyond this machine before anything is sent", async () => {
    const far = { ...given, target: "http://192.0.2.1", invariant: "true" } as const;
    await expect(race(far)).rejects.toMatchObject({ code: "target-not-allowed" });
  });

  it("does not tell a token that it was given", async () => {
    const principals = { alice: { token: { value: "not a token s3cret" } } };
    const concurrent = [{ as: "alice", request: "POST /a", count: 2 }];
    const failed = race({ ...given, concurrent, principals, invariant: "true" }).catch((error) => error);
    expect(String(await failed)).not.toContain("s3cret");
  });
});
