import type { Command } from "commander";
import { catalogue } from "../../findings/catalogue.ts";
import { FAIL_ON } from "../../findings/exit.ts";
import { FORMAT_NAMES } from "../../report/formats/index.ts";

/** What a shell has to know of a command: taken from the commands themselves, so that it is never out of date. */
export interface DescribedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly DescribedOption[];
  /** What its argument may be; files where absent. */
  readonly values?: readonly string[];
}

export interface DescribedOption {
  /** `--format` */
  readonly long: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** What may follow it; a file or anything where absent. */
  readonly values?: readonly string[];
}

const WEAKNESSES = catalogue.map((one) => one.id);
const SHELLS = ["bash", "zsh", "fish"];

export function described(program: Command): readonly DescribedCommand[] {
  return program.commands.map((command) => {
    const values = ARGUMENTS[command.name()];
    return {
      name: command.name(),
      about: command.description(),
      options: [...command.options.map((one) => one), HELP].flatMap((option) => {
        if (!option.long) return [];
        const known = valuesOf(command.name(), option.long);
        const about = option.description;
        const takesValue = "required" in option && (option.required || option.optional);
        return [{ long: option.long, about, takesValue, ...(known ? { values: known } : {}) }];
      }),
      ...(values
        ? { values }
        : command.commands.length > 0
          ? { values: command.commands.map((one) => one.name()) }
          : {}),
    };
  });
}

const HELP = { long: "--help", description: "show what there is" };

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { explain: WEAKNESSES, completion: SHELLS };

function valuesOf(command: string, option: string): readonly string[] | undefined {
  if (option === "--format" && command === "scan") return FORMAT_NAMES;
  if (option === "--fail-on" && command === "scan") return FAIL_ON;
  if (option === "--only" && command === "scan") return WEAKNESSES;
  return undefined;
}
