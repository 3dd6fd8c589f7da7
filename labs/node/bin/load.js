import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Imports a module of this package: from src/ in a checkout, from dist/ where installed or where the tests built it.
 * `name` is a path below either, without its extension.
 */
export async function load(name) {
  const source = new URL(`../src/${name}.ts`, import.meta.url);
  if (process.env.DEADHEAT_BUILT || !existsSync(fileURLToPath(source)))
    return import(new URL(`../dist/${name}.js`, import.meta.url).href);
  const { register } = await import("node:module");
  const tsx = await import("tsx/esm/api");
  tsx.register();
  // Registered last, hence asked first: tsx then resolves workspace packages to their sources too.
  register("./source-condition.js", import.meta.url);
  return import(source.href);
}
