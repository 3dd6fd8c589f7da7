import { DeadheatError } from "../errors.ts";
import type { CredentialPlan } from "../plan/plan.ts";
import {
  type Credentials,
  learnCredentials,
  type RaceContext,
  RecipeFailed,
  recipeCredentials,
  type SuppliedContext,
} from "../race/index.ts";
import type { CredentialNote } from "./events.ts";
import type { TargetOptions } from "./options.ts";

type CredentialContext = Omit<SuppliedContext, "holders">;

/** How tokens are had for each scheme: by the user's recipes, else by what the document shows. */
export async function credentialsFor(
  shared: CredentialContext,
  plans: readonly CredentialPlan[],
  options: Pick<TargetOptions, "principals">,
): Promise<Pick<RaceContext, "credentials" | "makers"> & { readonly notes: CredentialNote[] }> {
  const recipes = options.principals ?? [];
  const context: SuppliedContext = { ...shared, holders: new Map() };
  const credentials = new Map<string, Credentials>();
  const makers = new Map<string, Credentials>();
  const notes: CredentialNote[] = [];
  const accepted = new Set<string>();
  const rejected: DeadheatError[] = [];
  assertUsed(plans, options);
  for (const plan of plans) {
    const racing = recipes.filter((one) => !one.setUpOnly);
    const supplied = await working(() => recipeCredentials(context, plan, racing));
    for (const name of supplied?.accepted ?? []) accepted.add(name);
    rejected.push(...(supplied?.rejected ?? []));
    const found = supplied ? (supplied.credentials ?? REJECTED) : await learnCredentials(context, plan);
    if ("reason" in found) notes.push({ scheme: plan.scheme, reason: found.reason });
    else {
      credentials.set(plan.scheme, found);
      notes.push({ scheme: plan.scheme, via: found.via });
    }
    for (const recipe of recipes) {
      const maker = await working(() => recipeCredentials(context, plan, [recipe]));
      if (maker?.credentials) makers.set(`${plan.scheme} ${recipe.name}`, maker.credentials);
    }
  }
  // A token may be for one of several schemes; one that works under none of them is a mistake.
  const [first] = rejected;
  if (first && recipes.some((one) => !one.setUpOnly && !accepted.has(one.name))) throw first;
  return { credentials, makers, notes };
}

const REJECTED = { reason: "no supplied token is accepted" };

/** A recipe that fails before anything was raced is the user's to correct. */
async function working<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RecipeFailed)) throw error;
    const [code, hint] = HINTS[error.problem];
    throw new DeadheatError(code, error.message, hint, error);
  }
}

const HINTS = {
  refused: ["login-failed", "Check the user, the password and the path of this recipe in deadheat.yaml."],
  unmatched: ["recipe-unmatched", "Correct the JSONPath in deadheat.yaml; `$.a.b` is b inside of a."],
  unfilled: ["recipe-unmatched", "Extract it in an earlier step, or name it under variables."],
  "no-mail": ["login-failed", "Point the API's mail at the address under mail in deadheat.yaml."],
} as const;

/** A principal for a scheme that the document does not have would be left out in silence. */
function assertUsed(
  plans: readonly CredentialPlan[],
  { principals = [] }: Pick<TargetOptions, "principals">,
) {
  const known = plans.map((plan) => plan.scheme);
  for (const { name, schemes } of principals) {
    const unknown = schemes?.find((one) => !known.includes(one));
    if (unknown !== undefined)
      throw new DeadheatError(
        "usage",
        `the principal ${name} is for the scheme ${unknown}, which no operation of the document uses`,
        `Schemes in use: ${known.join(", ") || "none"}.`,
      );
  }
}
