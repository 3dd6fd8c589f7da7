import type { Output } from "../report/reporter.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A stream as reporters see it. */
export function standardOutput(stream: NodeJS.WriteStream, env: Environment = process.env): Output {
  const isTerminal = stream.isTTY === true && env.TERM !== "dumb";
  return {
    write: (text: string) => void stream.write(text),
    live: isTerminal && !isSet(env.CI),
    color: isColored(isTerminal, env),
    // Asked each time: a window changes its width while a scan runs.
    width: () => stream.columns,
  };
}

/** NO_COLOR (no-color.org) before FORCE_COLOR, that before what the stream is; each says nothing where it is empty. */
function isColored(isTerminal: boolean, { NO_COLOR = "", FORCE_COLOR = "" }: Environment): boolean {
  if (NO_COLOR !== "") return false;
  return FORCE_COLOR === "" ? isTerminal : isSet(FORCE_COLOR);
}

/** `CI=false` and `FORCE_COLOR=0` are ways of saying no. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}
