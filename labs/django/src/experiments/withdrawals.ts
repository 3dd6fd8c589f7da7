import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../client/http.ts";
import { newUser, type User } from "../client/user.ts";
import type { Experiment, Trial } from "./experiment.ts";

/** Long enough for a handler that starts at the headers to be waiting for the body. */
const SETTLE_MS = 40;
/** Many times what an undisturbed withdrawal takes. */
const PATIENCE_MS = 1000;

/** Something that somebody may do, the answer that takes the right away, and what shows whether it was done. */
interface Withdrawal {
  act(): Promise<{ release(): Promise<Answer> }>;
  withdraw(): Promise<Answer>;
  /** True once the act has taken effect. Asked with a credential that nobody withdraws. */
  done(): Promise<boolean>;
}

/** All but the last byte, then the withdrawal and its answer, then the last byte. */
async function held(set: Withdrawal): Promise<Trial> {
  const act = await set.act();
  await sleep(SETTLE_MS);
  const asked = performance.now();
  const withdrawal = set.withdraw();
  const withdrawn = await Promise.race([withdrawal, sleep(PATIENCE_MS)]);
  if (withdrawn === undefined) {
    // A lock or the only worker is held: nothing comes of waiting, until the body is complete.
    const answer = await act.release();
    const { status, at } = await withdrawal;
    const waited = Math.round(at - asked);
    const note = `withdrawn ${status} only ${waited} ms later, with the body`;
    return { violated: false, statuses: [answer.status, status], note };
  }
  const before = await set.done();
  const answer = await act.release();
  return judge(withdrawn, before, answer, await set.done());
}

/** The withdrawal leaves `offset` ms after the last byte, and is over before the act has an effect. */
async function offset(set: Withdrawal, ms: number): Promise<Trial> {
  const act = await set.act();
  await sleep(SETTLE_MS);
  const answer = act.release();
  await sleep(ms);
  const withdrawn = await set.withdraw();
  const before = await set.done();
  return judge(withdrawn, before, await answer, await set.done());
}

/** A 200 after the withdrawal proves nothing; an effect that was not there when it was answered does. */
function judge(withdrawn: Answer, before: boolean, answer: Answer, after: boolean): Trial {
  const acknowledged = withdrawn.status >= 200 && withdrawn.status < 300;
  return {
    violated: acknowledged && !before && after,
    statuses: [answer.status, withdrawn.status],
    note: `withdrawn ${withdrawn.status}, then ${answer.status}: ${after ? "took effect" : "no effect"}`,
  };
}

/** `held`, or by how many milliseconds the withdrawal comes after the last byte. */
export type Way = "held" | number;
const run = (way: Way, set: Withdrawal) => (way === "held" ? held(set) : offset(set, way));
const nameOf = (what: string, way: Way) => (way === "held" ? `${what}, held body` : `${what}, offset`);

/** An effect under a token after its logout was answered. */
export function revocation(way: Way, path = "score/"): Experiment {
  return {
    name: nameOf("logout", way),
    async run(side) {
      const user = await newUser(side);
      const watcher = await user.again();
      return run(way, {
        act: () => user.hold("POST", path, { score: 1 }),
        withdraw: () => user.call("POST", "logout/"),
        done: async () => (await watcher.call("GET", "profile/")).body.score > 0,
      });
    },
  };
}

/** A former owner's write after the document was given away. */
export function ownership(way: Way): Experiment {
  return {
    name: nameOf("ownership", way),
    async run(side) {
      const [giver, taker] = [await newUser(side), await newUser(side)];
      const { id } = (await giver.call("POST", "documents/", { text: "first" })).body;
      return run(way, {
        act: () => giver.hold("PUT", `documents/${id}/`, { text: "second" }),
        withdraw: () => giver.call("POST", `documents/${id}/owner/`, { owner: taker.name }),
        done: async () => textOf(await readBy(id, taker, giver)) === "second",
      });
    },
  };
}

async function readBy(id: number, ...readers: readonly User[]): Promise<Answer> {
  let answer: Answer | undefined;
  for (const reader of readers) {
    answer = await reader.call("GET", `documents/${id}/`);
    if (answer.status === 200) return answer;
  }
  return answer as Answer;
}

const textOf = (answer: Answer): string => answer.body?.text ?? "";

/** An editor's notice after the demotion to a reader. */
export function demotion(way: Way): Experiment {
  return {
    name: nameOf("demotion", way),
    async run(side) {
      const [owner, editor] = [await newUser(side), await newUser(side)];
      const { id } = (await owner.call("POST", "teams/", { name: "team" })).body;
      await owner.call("POST", `teams/${id}/members/`, { username: editor.name, role: "editor" });
      return run(way, {
        act: () => editor.hold("POST", `teams/${id}/notices/`, { text: "hello" }),
        withdraw: () => owner.call("PUT", `teams/${id}/members/${editor.name}/`, { role: "reader" }),
        done: async () => (await owner.call("GET", `teams/${id}/`)).body.notice_count > 0,
      });
    },
  };
}
