export { type CredentialContext, type Credentials, type Principal, SetupFailed } from "./credentials.ts";
export { learnCredentials } from "./learned.ts";
export { recipeCredentials } from "./supplied.ts";
