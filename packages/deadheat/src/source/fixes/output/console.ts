import pc from "picocolors";
import { inert } from "../../../inert.ts";
import type { Fixed, FixReport, Unfixed } from "../project.ts";

/** Diffs that `patch -p1` and `git apply` take as they are; what is said about them stands in lines that begin with #. */
export function fixAsText(
  report: FixReport,
  options: { readonly color: boolean; readonly written: boolean },
): string {
  const colors = pc.createColors(options.color);
  const { fixed, unfixed, patches } = report;
  const verb = options.written ? "written" : "not written: --write does that, or patch -p1";
  const files = `${patches.length} file${patches.length === 1 ? "" : "s"}`;
  return [
    ...fixed.map((one) => block(one, colors)),
    ...unfixed.map((one) => refusal(one, colors)),
    `# ${fixed.length} fixed, ${unfixed.length} not · ${files} ${patches.length === 0 ? "changed" : verb}`,
    "",
  ].join("\n");
}

type Colors = ReturnType<typeof pc.createColors>;

function block({ finding, title, diff, warnings }: Fixed, colors: Colors): string {
  const { file, line, rule, function: name } = finding;
  return [
    colors.bold(`# ${rule}   ${inert(name)}   ${inert(file)}:${line}`),
    `# ${title}`,
    ...warnings.map((one) => colors.yellow(`# ! ${inert(one)}`)),
    painted(diff, colors),
  ].join("\n");
}

/** A carriage return belongs to the line that it ends; nothing else of a file may move the terminal's cursor. */
function painted(diff: string, colors: Colors): string {
  const lines = diff.split("\n").map((line) => {
    if (/^(---|\+\+\+) /.test(line)) return colors.bold(line);
    if (line.startsWith("+")) return colors.green(line);
    return line.startsWith("-") ? colors.red(line) : line;
  });
  return lines.join("\n");
}

function refusal({ finding, reason }: Unfixed, colors: Colors): string {
  const { file, line, rule, severity, function: name } = finding;
  return [
    colors.dim(`# not fixed: ${rule} (${severity})   ${inert(name)}   ${inert(file)}:${line}`),
    ...reason.split("; ").map((one) => colors.dim(`#   ${inert(one)}`)),
  ].join("\n");
}
