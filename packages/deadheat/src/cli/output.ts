import type { Output } from "../report/reporter.ts";

/** A stream as reporters see it. */
export function standardOutput(stream: NodeJS.WriteStream): Output {
  return {
    write: (text: string) => void stream.write(text),
    live: stream.isTTY === true && process.env.CI === undefined,
    color: stream.isTTY === true && process.env.NO_COLOR === undefined,
  };
}
