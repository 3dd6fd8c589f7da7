import { defineConfig } from "vite";

/** One script and one style sheet, which the scanner puts into every report: `npm run viewer`. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../deadheat/viewer",
    emptyOutDir: true,
    // What browsers could do when the page began to rest on it; nobody polyfills a report.
    target: "es2022",
    lib: {
      entry: "src/main.tsx",
      formats: ["iife"],
      name: "deadheat",
      fileName: () => "viewer.js",
      cssFileName: "viewer",
    },
  },
});
