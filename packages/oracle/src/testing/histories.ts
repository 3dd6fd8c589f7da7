import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A third-party history and what its source asserts of it. */
export interface ThirdPartyHistory {
  readonly file: string;
  readonly format: string;
  readonly model: string;
  readonly linearizable: boolean;
}

/** Where the third-party histories are: `DEADHEAT_HISTORIES`, or beside the repository. */
const directory =
  process.env.DEADHEAT_HISTORIES ??
  fileURLToPath(new URL("../../../../../shared/data/histories", import.meta.url));

/** Those that the manifest lists; `undefined` where there are none on this machine. */
export function thirdPartyHistories(): readonly ThirdPartyHistory[] | undefined {
  const manifest = `${directory}/manifest.json`;
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : undefined;
}

/** The text of one of them. */
export function historyText(file: string): string {
  return readFileSync(`${directory}/${file}`, "utf8");
}
