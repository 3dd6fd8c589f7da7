import { consoleReporter } from "../console/console.ts";
import type { Format } from "../format.ts";

export const console: Format = {
  name: "console",
  open: (output, { paths }) => consoleReporter(output, paths),
};
