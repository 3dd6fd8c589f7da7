import type { DescribedCommand } from "./described.ts";

export function fishCompletion(commands: readonly DescribedCommand[]): string {
  return `${["# deadheat completion fish", ...commands.flatMap(commandLines)].join("\n")}\n`;
}

function commandLines({ name, about, options, values }: DescribedCommand): string[] {
  const within = `complete -c deadheat -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c deadheat -f -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`,
    ...(values ? [`${within} -f -a ${quoted(values.join(" "))}`] : []),
    ...options.map((option) => {
      const value = option.values
        ? ` -x -a ${quoted(option.values.join(" "))}`
        : option.takesValue
          ? " -r"
          : "";
      return `${within} -l ${option.long.slice(2)} -d ${quoted(option.about)}${value}`;
    }),
  ];
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
