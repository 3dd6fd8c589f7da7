import type { Report } from "../../findings/report.ts";
import type { Format, FormatContext } from "../format.ts";

/** A format that says everything at the end, in one text. */
export function whole(name: string, render: (report: Report, context: FormatContext) => string): Format {
  return {
    name,
    open: (output, context) => ({
      on(event) {
        if (event.type === "ended") output.write(render(event.report, context));
      },
    }),
  };
}
