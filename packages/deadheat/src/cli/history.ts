import { readFile } from "node:fs/promises";
import { checkText, OracleError, type TextResult } from "@deadheat/oracle";
import { DeadheatError } from "../errors.ts";
import { inert, inertJson } from "../inert.ts";

/** Exit codes of `history check` (DESIGN §12). */
const EXIT = { linearizable: 0, race: 1, unknown: 3 } as const;
const MAX_CONFIGS = 50_000_000;

export interface HistoryCheckFlags {
  readonly format: string;
  readonly model: string;
  readonly deadline: string;
  readonly json?: boolean;
}

/** Checks a recorded history against a model and prints the verdict. */
export async function historyCheckCommand(file: string, flags: HistoryCheckFlags): Promise<number> {
  const deadlineMs = Number(flags.deadline);
  if (!Number.isFinite(deadlineMs) || deadlineMs <= 0)
    throw new DeadheatError(
      "usage",
      `--deadline ${flags.deadline}: not a time`,
      "Give milliseconds, such as 10000.",
    );
  const result = judge(await readText(file), file, flags, deadlineMs);
  process.stdout.write(flags.json ? `${inertJson(result, 2)}\n` : wordsOf(result));
  return EXIT[result.verdict];
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "failed";
    throw new DeadheatError("history-invalid", `${file}: cannot be read (${reason})`, "Give a file.", cause);
  }
}

function judge(
  text: string,
  file: string,
  { format, model }: HistoryCheckFlags,
  deadlineMs: number,
): TextResult {
  try {
    const now = () => performance.now();
    return checkText(text, { format, model, maxConfigs: MAX_CONFIGS, deadlineMs, now });
  } catch (cause) {
    if (!(cause instanceof OracleError)) throw cause;
    throw new DeadheatError("history-invalid", `${file}: ${cause.message}`, cause.hint, cause);
  }
}

function wordsOf({ verdict, witness, stats }: TextResult): string {
  const cost = `${stats.configs.toLocaleString("en-US")} configurations, ${stats.ms.toFixed(1)} ms`;
  const lines = [`${verdict} (${cost}${stats.stopped ? `; stopped by ${stats.stopped}` : ""})`];
  if (witness)
    lines.push(`witness: ${inert(witness.summary)}`, ...witness.explanation.words.split("\n").map(inert));
  return `${lines.join("\n")}\n`;
}
