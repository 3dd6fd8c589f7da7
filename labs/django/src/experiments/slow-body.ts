import { setTimeout as sleep } from "node:timers/promises";
import { newUser } from "../client/user.ts";
import type { Experiment } from "./experiment.ts";

/** For how long the sender of a body makes a logout wait; a violation is a delay as long as the body's. */
export function slowBody(holdMs: number, path = "score/"): Experiment {
  return {
    name: `logout while a body is held for ${holdMs} ms`,
    async run(side) {
      const user = await newUser(side);
      const act = await user.hold("POST", path, { score: 1 });
      await sleep(50);
      const asked = performance.now();
      const logout = user.call("POST", "logout/");
      await sleep(holdMs);
      const answer = await act.release();
      const { status, at } = await logout;
      const waited = at - asked;
      return {
        violated: waited >= holdMs,
        statuses: [answer.status, status],
        note: `the logout took ${Math.round(waited)} ms`,
      };
    },
  };
}
