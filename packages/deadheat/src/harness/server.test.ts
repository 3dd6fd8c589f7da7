import { describe, expect, it } from "vitest";
import { Exceptions } from "./server.ts";

const told = (text: string) => {
  const exceptions = new Exceptions();
  for (const line of text.split("\n")) exceptions.read(line);
  return exceptions.told();
};

describe("Exceptions", () => {
  it("counts the last line of each traceback, whoever's name is in it, and nothing else", () => {
    const once = (name: string) => `Internal Server Error: /register/
Traceback (most recent call last):
  File "views.py", line 4, in post
    raise ValueError
django.db.utils.IntegrityError: key (username)=(${name}) exists
DETAIL:  more of it`;
    expect(told(`${once("dhabc1230")}\nINFO: fine\n${once("dhabc1231")}`)).toEqual([
      "2 × django.db.utils.IntegrityError: key (username)=(…) exists",
    ]);
    expect(told("ValueError: printed by somebody")).toEqual([]);
  });
});
