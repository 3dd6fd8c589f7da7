import { readFileSync } from "node:fs";
import { PACKAGE_FOLDER } from "./package-folder.ts";

const manifest = JSON.parse(readFileSync(new URL("package.json", PACKAGE_FOLDER), "utf8")) as {
  version: string;
};

export const version = manifest.version;
