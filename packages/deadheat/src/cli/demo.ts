import { relative } from "node:path";
import { exitCodeOf } from "../findings/exit.ts";
import { destinationsFrom } from "./destinations.ts";
import { interruptible } from "./interrupt.ts";
import { startLab } from "./lab-process.ts";
import { scanOptionsFrom } from "./options.ts";
import { runScan } from "./scan.ts";

/**
 * Starts the lab, scans it from its own document, stops it. The lab holds races on purpose, so
 * finding them is success: 0 where everything planned was judged, 3 where not.
 */
export async function demoCommand(flags: {
  readonly seed?: string;
  readonly output: string;
}): Promise<number> {
  const interrupt = interruptible();
  try {
    process.stderr.write("starting the lab on PostgreSQL …\n");
    const lab = await startLab(interrupt.signal);
    try {
      process.stderr.write(`lab ready at ${lab.ready.url} on ${lab.ready.database}\n\n`);
      // Near the working folder the short name is the readable one.
      const near = relative(process.cwd(), lab.ready.document);
      const document = near.startsWith("..") ? lab.ready.document : near;
      const scanFlags = { ...flags, target: lab.ready.url };
      // Neither deadheat.yaml nor a token of the user's has anything to do with the lab.
      const { options, output } = scanOptionsFrom(document, scanFlags, undefined, interrupt.signal);
      const report = await runScan({ ...options, principals: [] }, output, destinationsFrom(undefined));
      const exitCode = exitCodeOf(report, { allowInconclusive: false });
      return exitCode === 1 ? 0 : exitCode;
    } finally {
      await lab.stop();
    }
  } finally {
    interrupt.dispose();
  }
}
