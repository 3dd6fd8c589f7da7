import { randomBytes, randomUUID } from "node:crypto";
import { type Config, loadConfig, type ScanConfig } from "../config/index.ts";
import { principalWithToken, type ScanOptions, type TargetOptions } from "../engine/options.ts";
import { DeadheatError } from "../errors.ts";
import { catalogue, weaknessOf } from "../findings/catalogue.ts";
import type { PrincipalRecipe } from "../plan/credential.ts";
import { systemClock } from "./clock.ts";
import { type NetworkFlags, networkFrom } from "./network.ts";

const TRIALS = 60;
const THOROUGH_TRIALS = 300;
const SCENARIO_LIMIT_MS = 120_000;
/** Five minutes are the longest leeway that is usual, and the clocks need not agree. */
const LONG_AFTER_END_MS = 310_000;
const TIMEOUT_MS = 10_000;
const REQUESTS = 50_000;
const OUTPUT = ".deadheat";

/** What every command takes that calls a running API, as commander hands it over. */
export interface TargetFlags extends NetworkFlags {
  readonly config?: string;
  readonly target?: string;
  readonly allow?: readonly string[];
  readonly authorized?: string;
  readonly optIn?: readonly string[];
  readonly seed?: string;
  readonly timeout?: string;
  readonly requests?: string;
  readonly rate?: string;
}

interface TrialFlags {
  readonly trials?: string;
  readonly thorough?: boolean;
  readonly only?: readonly string[];
  readonly output?: string;
}

/** Flags win over deadheat.yaml, which wins over the defaults. Throws DeadheatError. */
export async function scanOptions(
  document: string | undefined,
  flags: TargetFlags & TrialFlags,
  signal: AbortSignal,
): Promise<{ readonly options: ScanOptions; readonly output: string }> {
  return scanOptionsFrom(document, flags, await configFor(flags, signal), signal);
}

export function scanOptionsFrom(
  document: string | undefined,
  flags: TargetFlags & TrialFlags,
  config: Config | undefined,
  signal: AbortSignal,
): { readonly options: ScanOptions; readonly output: string } {
  const scan: ScanConfig = config?.scan ?? {};
  const thorough = flags.thorough ?? scan.thorough ?? false;
  const usual = thorough ? THOROUGH_TRIALS : (scan.trials ?? TRIALS);
  return {
    options: {
      ...targetOptionsFrom(document, flags, config, signal),
      trials: flags.thorough ? THOROUGH_TRIALS : wholeNumber("--trials", flags.trials, usual, 1, 10_000),
      timeLimitMs: scan.timeLimitMs ?? SCENARIO_LIMIT_MS,
      ...(thorough ? { longAfterEndMs: LONG_AFTER_END_MS } : {}),
      ...(flags.only === undefined ? {} : { weaknesses: flags.only.map(assertWeakness) }),
    },
    output: flags.output ?? config?.output ?? OUTPUT,
  };
}

export async function targetOptions(
  document: string | undefined,
  flags: TargetFlags,
  signal: AbortSignal,
): Promise<TargetOptions> {
  return targetOptionsFrom(document, flags, await configFor(flags, signal), signal);
}

function configFor(flags: TargetFlags, signal: AbortSignal): Promise<Config | undefined> {
  const file = flags.config === undefined ? {} : { file: flags.config };
  return loadConfig({ ...file, folder: process.cwd(), env: process.env, signal });
}

/** The same for what has read the configuration already. */
export function targetOptionsFrom(
  named: string | undefined,
  flags: TargetFlags,
  config: Config | undefined,
  signal: AbortSignal,
): TargetOptions {
  const document = named ?? config?.document;
  if (document === undefined)
    throw new DeadheatError(
      "usage",
      "no API document",
      "Give its path, or name it in deadheat.yaml; `deadheat init URL` writes one.",
    );
  const target = flags.target ?? config?.target;
  const network = networkFrom(flags, config?.network, process.env);
  const scan: ScanConfig = config?.scan ?? {};
  const rate = flags.rate === undefined ? scan.ratePerSecond : rateFrom(flags.rate);
  return {
    document,
    ...(target === undefined ? {} : { target }),
    authorization: {
      allow: [...(flags.allow ?? []), ...(config?.allow ?? [])],
      ...(flags.authorized === undefined ? {} : { statement: flags.authorized }),
    },
    principals: principalsOf(config, process.env.DEADHEAT_TOKEN),
    objects: config?.objects ?? [],
    ...(config?.mail ? { mail: config.mail } : {}),
    optIn: [...(flags.optIn ?? []), ...(config?.optIn ?? [])],
    seed: flags.seed ?? scan.seed ?? randomBytes(3).toString("hex"),
    nonce: randomBytes(5).toString("hex"),
    uuid: randomUUID,
    clock: systemClock,
    signal,
    timeoutMs: wholeNumber("--timeout", flags.timeout, scan.timeoutMs ?? TIMEOUT_MS, 1, 600_000),
    requestLimit: wholeNumber("--requests", flags.requests, scan.requests ?? REQUESTS, 1, 10_000_000),
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    ...(network ? { network } : {}),
  };
}

/** DEADHEAT_TOKEN stands in where deadheat.yaml names nobody that is raced. */
function principalsOf(config: Config | undefined, token: string | undefined): readonly PrincipalRecipe[] {
  const principals = config?.principals ?? [];
  if (token === undefined || token === "" || principals.some((one) => !one.setUpOnly)) return principals;
  return [...principals, principalWithToken("DEADHEAT_TOKEN", token)];
}

export function assertWeakness(id: string): string {
  const weakness = weaknessOf(id);
  if (weakness?.proof === "schedule")
    throw new DeadheatError(
      "usage",
      `--only ${id}: it is not looked for by itself, but noticed while others are`,
      "Leave --only away and give --database URL.",
    );
  if (weakness) return id;
  const known = catalogue
    .filter(({ proof }) => proof !== "schedule")
    .map((one) => one.id)
    .join(", ");
  throw new DeadheatError("usage", `--only ${id}: no such weakness`, `There are ${known}.`);
}

function rateFrom(text: string): number {
  const value = Number(text.replace(/\s*\/\s*s(ec(ond)?)?$/, ""));
  if (value > 0 && value <= 100_000) return value;
  throw new DeadheatError("usage", `--rate ${text}: not a rate`, "Give requests a second, for example 5/s.");
}

export function wholeNumber(
  name: string,
  text: string | undefined,
  usual: number,
  low: number,
  high: number,
): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new DeadheatError(
    "usage",
    `${name} ${text}: not a whole number`,
    `Give a number from ${low} to ${high}.`,
  );
}
