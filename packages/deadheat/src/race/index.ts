export type { RaceContext } from "./context.ts";
export { assertTokenSyntax, type Credentials, learnCredentials, suppliedCredentials } from "./credentials.ts";
export { isUnlearned, learn } from "./learn.ts";
export { measureParallelism, type Parallelism } from "./parallelism.ts";
export { refOf, runScenario, skipped } from "./run.ts";
export { scenarios } from "./scenarios/index.ts";
export { BudgetSpent, type RequestBudget, Session } from "./session.ts";
export { type Authorization, resolveTarget, type Target } from "./target.ts";
export { transports } from "./transport/index.ts";
