#!/usr/bin/env node
import { existsSync } from "node:fs";
import { register } from "node:module";

// Interrupted before a command has taken over (it loads, or has nothing to clean up): as promised, 130.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(130);
  });
}

// A reader that went away (`| head`) is no reason to end before what was made has been taken away.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// In a checkout the sources run as they are, unless the tests have built program/; an installed package has only that.
if (!process.env.DEADHEAT_BUILT && existsSync(new URL("../src/cli/main.ts", import.meta.url))) {
  const tsx = await import("tsx/esm/api");
  tsx.register();
  // Registered last, hence asked first: tsx then resolves workspace packages to their sources too.
  register("./source-condition.js", import.meta.url);
  await import(new URL("../src/cli/main.ts", import.meta.url).href);
} else {
  await import("../program/main.js");
}
