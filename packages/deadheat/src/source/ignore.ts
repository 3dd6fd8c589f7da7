import type { Program } from "./effects/program.ts";
import type { SourceFinding } from "./finding.ts";

const COMMENT = /#\s*deadheat:\s*ignore\[([\w\s,*-]+)\]\s*(\S.*)?$/;

/** `# deadheat: ignore[rule-id] reason`, on the line of the finding or the one above. Without a reason it does not count. */
export function isIgnored(finding: SourceFinding, program: Program): boolean {
  const module = program.project.moduleAt(finding.file);
  if (!module) return false;
  const lines = [
    finding.line,
    finding.line - 1,
    finding.endLine,
    ...finding.path.filter((step) => step.file === finding.file).map((step) => step.line),
  ];
  return lines.some((line) => {
    const match = COMMENT.exec(module.source.line(line));
    return (
      match?.[2] !== undefined && (match[1] as string).split(",").some((one) => one.trim() === finding.rule)
    );
  });
}
