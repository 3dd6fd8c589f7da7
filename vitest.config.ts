import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "labs/node/src/**/*.test.ts", "tests/**/*.test.ts"],
    // A command of its own: npm run test:long.
    exclude: process.env.DEADHEAT_LONG ? [] : ["tests/long/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
