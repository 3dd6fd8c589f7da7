export { type CredentialContext, type Credentials, type Principal, SetupFailed } from "./credentials.ts";
export { learnCredentials } from "./learned.ts";
export { Renewals } from "./renewals.ts";
export { recipeCredentials, type SuppliedContext } from "./supplied.ts";
