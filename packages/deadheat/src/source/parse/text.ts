/** A file's text with its lines. Lines are numbered from 1. */
export class SourceText {
  readonly text: string;
  #starts: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  lineAt(offset: number): number {
    const starts = this.starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The line itself, without indentation. */
  line(number: number): string {
    const starts = this.starts();
    const from = starts[number - 1];
    if (from === undefined) return "";
    return this.text.slice(from, starts[number] ?? this.text.length).trim();
  }

  private starts(): Int32Array {
    if (this.#starts) return this.#starts;
    const found = [0];
    for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) found.push(at + 1);
    this.#starts = Int32Array.from(found);
    return this.#starts;
  }
}

/** One for all files: to make one takes longer than to read most of them. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

const CODING = /^[^\n]*coding[:=]\s*([-\w.]+)|^[^\n]*\n[^\n]*coding[:=]\s*([-\w.]+)/;

/**
 * Python source as text. UTF-8 unless the file declares another encoding (PEP 263) that this platform knows;
 * what is not valid becomes U+FFFD, which only ever lands in strings and comments that no rule reads.
 */
export function decodeSource(bytes: Uint8Array): { readonly text: string; readonly note?: string } {
  try {
    return { text: UTF_8.decode(bytes) };
  } catch {
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 400));
    const declared = CODING.exec(head);
    const encoding = declared?.[1] ?? declared?.[2] ?? "utf-8";
    const note = `not valid UTF-8 (read as ${encoding})`;
    try {
      return { text: new TextDecoder(encoding).decode(bytes), note };
    } catch {
      return { text: new TextDecoder("latin1").decode(bytes), note: "not valid UTF-8 (read as latin-1)" };
    }
  }
}
