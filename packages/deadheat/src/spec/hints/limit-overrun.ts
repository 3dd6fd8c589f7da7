import { lastSegment } from "../facts/described.ts";
import { isLimit } from "../facts/quantities.ts";
import { wordsOf } from "../facts/words.ts";
import type { Surveyed } from "../survey.ts";
import { annotatedFields } from "./annotated.ts";
import type { HintRule, HintView } from "./hint.ts";

const ONCE =
  /\b(redeem|redemption|claim|vote|withdraw|withdrawal|book|reserve|purchase|buy|spend|consume|enroll|enrol|bid|cash ?out|check ?out|payout|accept|apply coupon|use)\b/;
const REFUSALS = ["409", "410", "429", "402", "422"];

/** What can be done a limited number of times: its name says so, and a refusal or a limit is documented. */
export const limitOverrun: HintRule = {
  weakness: "limit-overrun",
  hints(one, view) {
    const spent = annotatedFields(one, "once");
    if (spent.length > 0 && one.kind !== "read")
      return [
        {
          weakness: "limit-overrun",
          operations: [one],
          severity: "high",
          confidence: "high",
          reasons: [`x-deadheat says that ${spent.join(", ")} is spent once`],
        },
      ];
    if ((one.kind !== "action" && one.kind !== "create") || one.operation.method === "PATCH" || one.lifecycle)
      return [];
    const said = ONCE.exec([...one.name, ...wordsOf(lastSegment(one))].join(" "));
    if (!said) return [];
    const limit = limitOn(one, view);
    const refusal = one.operation.statuses.find((status) => REFUSALS.includes(status));
    if (!limit && !refusal) return [];
    return [
      {
        weakness: "limit-overrun",
        operations: [one, ...(limit ? [limit.read] : [])],
        severity: "high",
        confidence: limit && refusal ? "high" : "medium",
        reasons: [
          `is called after what is done once: ${said[0]}`,
          ...(refusal ? [`documents a refusal: ${refusal}`] : []),
          ...(limit ? [`GET ${limit.read.template} shows ${limit.pointer}`] : []),
        ],
      },
    ];
  },
};

function limitOn(one: Surveyed, view: HintView) {
  const end = one.template.lastIndexOf("}") + 1;
  const read = end > 0 ? view.at("GET", one.template.slice(0, end)) : undefined;
  const field = read?.gives?.find((it) => it.depth <= 3 && isLimit(it));
  return read && field ? { read, pointer: field.pointer } : undefined;
}
