import { readFile } from "node:fs/promises";
import { DeadheatError } from "../errors.ts";

/** The text of a file that a scan wrote. Throws DeadheatError; `hint` says which file it should be. */
export async function readProof(name: string, hint: string): Promise<string> {
  try {
    return await readFile(name, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "no such file" : `cannot be read (${code})`;
    throw new DeadheatError("witness-invalid", `${name}: ${problem}`, hint, cause);
  }
}
