import { burst } from "../client/http.ts";
import { newUser, pathOf, post } from "../client/user.ts";
import { type Experiment, repeat, statusesOf, succeeded, TOGETHER } from "./experiment.ts";

/** 16 × `score` + 1 by one user; with two tokens, every other request under the other one. */
export function score(path = "score/", tokens: 1 | 2 = 1): Experiment {
  return {
    name: tokens === 1 ? "score, one token" : "score, two tokens",
    async run(side) {
      const user = await newUser(side);
      const other = tokens === 1 ? user : await user.again();
      const requests = repeat(TOGETHER, user).map((one, index) =>
        (index % 2 ? other : one).request("POST", path, { score: 1 }),
      );
      const answers = await burst(side.url, requests);
      const { score } = (await user.call("GET", "profile/")).body;
      const acknowledged = succeeded(answers);
      const note = `${acknowledged} acknowledged, score ${score}`;
      return { violated: score < acknowledged, statuses: statusesOf(answers), note };
    },
  };
}

export const coupon: Experiment = {
  name: "coupon",
  async run(side) {
    const user = await newUser(side);
    const { code } = (await user.call("POST", "coupons/", { value: 10 })).body;
    const answers = await burst(side.url, repeat(TOGETHER, user.request("POST", `coupons/${code}/redeem/`)));
    const { credit } = (await user.call("GET", "profile/")).body;
    const { redemptions } = (await user.call("GET", `coupons/${code}/`)).body;
    const note = `redeemed ${redemptions} times, credit ${credit}`;
    return { violated: redemptions > 1 || credit > 10, statuses: statusesOf(answers), note };
  },
};

/** From 80, sixteen times 10: eight of them are covered. */
export const transfer: Experiment = {
  name: "transfer",
  async run(side) {
    const user = await newUser(side);
    const open = async (balance: number) => (await user.call("POST", "accounts/", { balance })).body.id;
    const [source, target] = [await open(80), await open(0)];
    const request = user.request("POST", "transfers/", {
      from_account: source,
      to_account: target,
      amount: 10,
    });
    const answers = await burst(side.url, repeat(TOGETHER, request));
    const balance = async (id: number) => (await user.call("GET", `accounts/${id}/`)).body.balance;
    const [left, moved] = [await balance(source), await balance(target)];
    const acknowledged = succeeded(answers);
    const right = left >= 0 && left + moved === 80 && moved >= 10 * acknowledged;
    return {
      violated: !right,
      statuses: statusesOf(answers),
      note: `${acknowledged} acknowledged, ${left} + ${moved}`,
    };
  },
};

export const invitations: Experiment = {
  name: "invite limit",
  async run(side) {
    const user = await newUser(side);
    const requests = repeat(TOGETHER, user).map((one, index) =>
      one.request("POST", "invitations/", { guest: `guest ${index}` }),
    );
    const answers = await burst(side.url, requests);
    const { count } = (await user.call("GET", "invitations/")).body;
    return { violated: count > 3, statuses: statusesOf(answers), note: `${count} of 3` };
  },
};

export const names: Experiment = {
  name: "unique create",
  async run(side) {
    const user = await newUser(side);
    const answers = await burst(
      side.url,
      repeat(TOGETHER, user.request("POST", "names/", { name: user.name })),
    );
    const { count } = (await user.call("GET", `names/?name=${user.name}`)).body;
    return { violated: count > 1, statuses: statusesOf(answers), note: `${count} rows` };
  },
};

/** Who gets a pair must not matter, only how many different pairs are alive afterwards. */
export const refresh: Experiment = {
  name: "refresh rotation",
  async run(side) {
    const user = await newUser(side);
    const [name, successor] =
      side.scheme === "jwt" ? ["refresh", "refresh"] : ["refresh_token", "refresh_token"];
    const body = { [name]: user.refresh };
    const request = { method: "POST", path: pathOf(side, "refresh/"), body };
    const answers = await burst(side.url, repeat(TOGETHER, request));
    const pairs = new Set(answers.filter(({ status }) => status === 200).map((one) => one.body[successor]));
    let alive = 0;
    for (const token of pairs) if ((await post(side, "refresh/", { [name]: token })).status === 200) alive++;
    const note = `${pairs.size} successors, ${alive} alive`;
    return { violated: alive > 1, statuses: statusesOf(answers), note };
  },
};
