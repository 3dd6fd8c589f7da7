import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["tests/support/fuzz-seed.ts"],
    // Most of the time of a whole scan is spent on waiting: for answers, and for what may still change.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["packages/*/src/**/*.test.ts", "labs/node/src/**/*.test.ts"],
          // No module keeps state of its own: loading each anew for each file takes as long as these tests do.
          isolate: false,
          pool: "threads",
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          // The first is a command of its own: npm run test:long.
          exclude: [...(process.env.DEADHEAT_LONG ? [] : ["tests/long/**"]), "tests/alone/**"],
          isolate: false,
          pool: "forks",
        },
      },
      // Those that put something else in a module's place.
      { extends: true, test: { name: "alone", include: ["tests/alone/**/*.test.ts"] } },
    ],
  },
});
