import { join } from "node:path";
import { analyserStamp, sha256 } from "../stamp.ts";
import { Sections, writeSections } from "./sections.ts";

/** The files in which a run over a folder leaves what the next one over the same folder can use. */
export class Keeping {
  readonly #file: string;
  /** Beside it: what callers have to know of functions (`SummaryFile`). */
  readonly summaries: string;
  readonly #key: string;

  /** `root`: what is checked. */
  constructor(folder: string, root: string, tests: boolean) {
    const name = `check-${sha256(root).slice(0, 20)}${tests ? "-tests" : ""}`;
    this.#file = join(folder, `${name}.bin`);
    this.summaries = join(folder, `${name}.summaries`);
    this.#key = `deadheat ${analyserStamp()} ${tests}`;
  }

  read(): Sections | undefined {
    return Sections.read(this.#file, this.#key);
  }

  write(sections: Readonly<Record<string, unknown>>): void {
    writeSections(this.#file, this.#key, sections);
  }
}
