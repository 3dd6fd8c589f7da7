import { randomUUID } from "node:crypto";
import { maskWith, redactTexts } from "../../findings/redact.ts";
import { inertJson } from "../../inert.ts";
import type { Format } from "../format.ts";

/** The event stream, one event a line, as it happens. The last line is the report. */
export const ndjson: Format = {
  name: "ndjson",
  open(output) {
    const mask = maskWith(randomUUID());
    return {
      on(event) {
        output.write(`${inertJson(redactTexts(event, mask))}\n`);
      },
    };
  },
};
