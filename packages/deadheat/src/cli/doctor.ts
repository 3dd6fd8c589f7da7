import { diagnose } from "../engine/doctor.ts";
import { DeadheatError } from "../errors.ts";
import { inertJson } from "../inert.ts";
import { diagnosisText } from "../report/console/diagnosis.ts";
import { liveLine } from "../report/console/live.ts";
import { interruptible } from "./interrupt.ts";
import { type TargetFlags, targetOptions } from "./options.ts";
import { standardOutput } from "./output.ts";

/** Says what a scan could judge. Exit code 0 where something could, 3 where nothing. */
export async function doctorCommand(
  document: string | undefined,
  flags: TargetFlags & { readonly format: string },
): Promise<number> {
  const { format } = flags;
  if (format !== "console" && format !== "json")
    throw new DeadheatError("usage", `--format ${format}: unknown`, "The formats are console and json.");
  const interrupt = interruptible();
  const output = standardOutput(format === "json" ? process.stderr : process.stdout);
  const live = liveLine(output);
  try {
    const options = await targetOptions(document, flags, interrupt.signal);
    const diagnosis = await diagnose(options, Date.now, (name) => live.show(`  learning ${name}`));
    live.clear();
    if (format === "json") process.stdout.write(`${inertJson(diagnosis, 2)}\n`);
    else output.write(diagnosisText(diagnosis, output.color));
    return diagnosis.operations.some((one) => one.behaves !== undefined) ? 0 : 3;
  } finally {
    live.clear();
    interrupt.dispose();
  }
}
