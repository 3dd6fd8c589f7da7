import { readFileSync } from "node:fs";
import type { Bundle } from "./page.ts";

/** Beside `src` and beside `dist` alike. */
const FOLDER = new URL("../../../viewer/", import.meta.url);

/** The viewer as the package ships it. */
export function readBundle(): Bundle {
  const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
  return { script: read("viewer.js"), style: read("viewer.css") };
}
