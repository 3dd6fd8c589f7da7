import type { DescribedCommand, DescribedOption } from "./described.ts";

export function zshCompletion(commands: readonly DescribedCommand[]): string {
  return `#compdef deadheat
# deadheat completion zsh
_deadheat() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}
if [ "$funcstack[1]" = "_deadheat" ]; then
  _deadheat "$@"
else
  compdef _deadheat deadheat
fi
`;
}

function commandCase({ name, options, values }: DescribedCommand): string {
  const rest = values ? quoted(`*:name:(${values.join(" ")})`) : quoted("*:file:_files");
  return `    ${name}) _arguments ${[...options.map(optionText), rest].join(" ")} ;;`;
}

function optionText({ long, about, takesValue, values }: DescribedOption): string {
  const help = about.replace(/[[\]:\\]/g, "\\$&");
  const after = !takesValue ? "" : values ? `:value:(${values.join(" ")})` : ":value:_files";
  return quoted(`*${long}[${help}]${after}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
