import type { DescribedCommand } from "./described.ts";

/** For bash 3.2 and later, which is what macOS has. */
export function bashCompletion(commands: readonly DescribedCommand[]): string {
  const names = commands.map((one) => one.name).join(" ");
  return `# deadheat completion bash
_deadheat() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --version --debug" -- "$current"))
    return
  fi
  case "$command $before" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "$command" in
${commands.map(commandCase).join("\n")}
  esac
}
complete -o filenames -F _deadheat deadheat
`;
}

function valueCases({ name, options }: DescribedCommand): string[] {
  return options.flatMap(({ long, values }) =>
    values
      ? [`    "${name} ${long}") COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current")); return ;;`]
      : [],
  );
}

function commandCase({ name, options, values }: DescribedCommand): string {
  const long = options.map((one) => one.long).join(" ");
  const other = values ? `compgen -W "${values.join(" ")}" -- "$current"` : 'compgen -f -- "$current"';
  return `    ${name})
      case "$current" in
        -*) COMPREPLY=($(compgen -W "${long}" -- "$current")) ;;
        *) COMPREPLY=($(${other})) ;;
      esac ;;`;
}
