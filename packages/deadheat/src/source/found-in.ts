import type { Analysis, Program } from "./effects/program.ts";
import { rules } from "./rules/index.ts";
import type { Candidate, SourceRule, Undecided, Writers } from "./rules/rule.ts";

export interface FoundByRule {
  readonly rule: SourceRule;
  readonly one: Candidate | Undecided;
}

/** What the rules say of one function. */
export function foundIn(program: Program, analysis: Analysis): FoundByRule[] {
  const found = foundBy(program, analysis);
  const { asStep } = analysis;
  return asStep ? [...found, ...foundInStep(program, { ...analysis, ...asStep })] : found;
}

function foundBy(program: Program, analysis: Analysis): FoundByRule[] {
  // Every rule is about an effect; most functions have none.
  if (analysis.effects.length === 0) return [];
  const context = { program, analysis, effects: analysis.effects, guards: analysis.guards };
  return rules.flatMap((rule) => [...rule.find(context)].map((one) => ({ rule, one })));
}

/** What the step itself refuses by is said of it, quietly; the rest, of the method that takes it. */
function foundInStep(program: Program, analysis: Analysis): FoundByRule[] {
  const { fn } = analysis;
  const refusals = analysis.guards.filter((one) => one.refuses && one.site.fn === fn);
  const isRefusal = ({ site, role }: Candidate["path"][number]) =>
    (role === "test" || role === "read") &&
    site.fn === fn &&
    refusals.some((one) => one.site.start <= site.start && site.end <= one.site.end);
  const ofStep = (one: Candidate): Candidate | undefined => {
    const test = one.path.findLast(isRefusal);
    return test && { ...one, site: test.site, severity: "low" };
  };
  return foundBy(program, analysis).flatMap(({ rule, one }): FoundByRule[] => {
    if (one.at.site.fn === analysis.fn) return [];
    if ("decide" in one) {
      const decide = (writers: Writers) => {
        const candidate = one.decide(writers);
        return candidate && ofStep(candidate);
      };
      return [{ rule, one: { ...one, decide } }];
    }
    const candidate = ofStep(one);
    return candidate ? [{ rule, one: candidate }] : [];
  });
}
