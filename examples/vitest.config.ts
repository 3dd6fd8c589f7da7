import { defineConfig } from "vitest/config";

// In this repository the packages' sources are run; a project that installs deadheat needs none of this.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: { include: ["shop/*.test.ts", "bank/*.test.ts"] },
});
