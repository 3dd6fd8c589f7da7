import type { SourceRule } from "./rule.ts";

/** The page of a rule under docs/rules: made from the rule, so that it cannot say anything else. */
export function pageOf(
  rule: Omit<SourceRule, "find">,
  end = `To leave one out, say why on its line: \`# deadheat: ignore[${rule.id}] reason\`.`,
): string {
  const code = (text: string) => `\`\`\`python\n${text.trimEnd()}\n\`\`\`\n`;
  return `# ${rule.id}

${capital(rule.title)}. Weakness: \`${rule.weakness}\` · usually ${rule.severity}.

${rule.why}

## Found

${rule.examples.racy.map(code).join("\n")}
## Left alone

${rule.never.map((one) => `- ${one}`).join("\n")}

${rule.examples.safe.map(code).join("\n")}
## Fix

${rule.fix}

${end}
`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
