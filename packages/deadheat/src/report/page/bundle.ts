import { readFileSync } from "node:fs";
import { PACKAGE_FOLDER } from "../../package-folder.ts";
import type { Bundle } from "./page.ts";

const FOLDER = new URL("viewer/", PACKAGE_FOLDER);

/** The viewer as the package ships it. */
export function readBundle(): Bundle {
  const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
  return { script: read("viewer.js"), style: read("viewer.css") };
}
