import { resolve } from "node:path";
import type { NetworkSettings } from "../plan/network.ts";
import { reportIssues } from "./issues.ts";
import { networkSettings } from "./network.ts";
import { type NetworkInput, network } from "./network-schema.ts";
import { type Kind, NOWHERE, Problems } from "./problems.ts";
import { type Surroundings, secretOf } from "./secret.ts";

const NETWORK: Kind = { code: "network-invalid", hint: "See network in docs/config.md." };

/** What a program states: the same checks as of a file, without lines. Throws DeadheatError. */
export function networkFromValue(value: NetworkInput, surroundings: Surroundings): NetworkSettings {
  const problems = new Problems(
    "network",
    { value, locate: () => NOWHERE, locateKey: () => NOWHERE },
    NETWORK,
  );
  const result = network.safeParse(value);
  if (!result.success) reportIssues(network, result.error.issues, problems);
  problems.assertNone();
  const settings = networkSettings(value, {
    inFolder: (path) => resolve(surroundings.folder, path),
    problem: (path, message) => problems.add(path, message),
    secret: (one, path) => secretOf(one, path, surroundings, problems),
  });
  problems.assertNone();
  return settings;
}
