import type { Surveyed } from "../survey.ts";
import type { HintRule, HintView } from "./hint.ts";

const ROLE =
  /^(role|roles|roleid|roleids|rolename|permission|permissions|accesslevel|isadmin|isstaff|privilege|privileges|adminrole)$/;

/** Gives somebody another role in an object, against what that role allows there. */
export const demotionRace: HintRule = {
  weakness: "demotion-race",
  hints(one, view) {
    if (one.kind !== "patch" && one.kind !== "replace" && one.kind !== "action") return [];
    const role = one.takes.find((field) => field.depth <= 2 && ROLE.test(field.plain));
    if (!role || !/\{[^}]*\}.*\{/.test(one.template)) return [];
    const act = underRole(one, view);
    if (!act) return [];
    return [
      {
        weakness: "demotion-race",
        operations: [act, one],
        severity: "high",
        confidence: "medium",
        reasons: [
          `${one.operation.method} ${one.template} writes ${role.pointer}`,
          `${act.operation.method} ${act.template} acts inside of the same object`,
        ],
      },
    ];
  },
};

/** Another change inside of the first object of the path, not of the members themselves. */
function underRole(one: Surveyed, view: HintView): Surveyed | undefined {
  const object = one.template.slice(0, one.template.indexOf("}") + 1);
  const members = one.template.replace(/\/\{[^}]*\}[^{]*$/, "");
  return view
    .below(object)
    .find(
      (act) =>
        act.kind !== "read" &&
        act.kind !== "delete" &&
        !act.template.startsWith(members) &&
        act.template !== object &&
        !act.lifecycle,
    );
}
