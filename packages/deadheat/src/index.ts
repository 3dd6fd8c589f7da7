export { type OpenDatabaseOptions, openDatabase } from "./api/database.ts";
export { type RaceResult, race } from "./api/race.ts";
export type {
  CleanUpCall,
  ConcurrentCall,
  ObserveCall,
  RaceCall,
  RaceInput,
  RaceObservation,
  RaceOperation,
  RacePrincipal,
} from "./api/race-input.ts";
export type { NetworkInput } from "./config/index.ts";
export type { DatabaseInView } from "./engine/database.ts";
export type { ScanEvent } from "./engine/events.ts";
export { principalWithToken, type ScanOptions, type TargetOptions } from "./engine/options.ts";
export { scan } from "./engine/scan.ts";
export { DeadheatError, type ErrorCode } from "./errors.ts";
export type { Finding, RaceOutcome } from "./findings/finding.ts";
export type { RaceReport, RaceStatus } from "./findings/race-report.ts";
export { type Report, reportSchema } from "./findings/report.ts";
export type {
  MailRecipe,
  ObjectRecipe,
  PrincipalRecipe,
  RecipeStep,
  RequestTemplate,
} from "./plan/credential.ts";
export type { ClientCertificate, NetworkSettings, ProxySettings } from "./plan/network.ts";
