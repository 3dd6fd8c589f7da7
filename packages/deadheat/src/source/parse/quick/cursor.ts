import { sharedText } from "../shared-text.ts";

/** Thrown where the text is not of the common kind; whoever asked has the grammar parse it instead. */
export const UNCOMMON = new Error("not of the common kind");

/** Deeper nesting is not written by hand. */
const DEEPEST = 150;

export const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const BACKSLASH = 92;
const QUOTE = 34;
const APOSTROPHE = 39;

/** A place in a text of Python, and how to get on from it. Offsets are UTF-16 units from the start of the file. */
export class Cursor {
  readonly text: string;
  /** Where the text that is read ends. */
  protected limit: number;
  at: number;
  /** After the last character of what was read last, blanks behind it left out. */
  end = 0;
  /** Open brackets: in them a line may end anywhere. */
  protected brackets = 0;
  private depth = 0;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.at = start;
    this.limit = limit;
  }

  protected code(): number {
    return this.at < this.limit ? this.text.charCodeAt(this.at) : -1;
  }

  protected fail(): never {
    throw UNCOMMON;
  }

  protected enter(): void {
    if (++this.depth > DEEPEST) this.fail();
  }

  protected leave(): void {
    this.depth--;
  }

  /** Over blanks, joined lines and, in brackets, line ends and comments. */
  protected skip(): void {
    for (;;) {
      const code = this.code();
      if (code === 32 || code === 9 || code === 12) this.at++;
      else if (code === BACKSLASH) this.skipJoin();
      else if (this.brackets > 0 && (code === NEWLINE || code === RETURN)) this.at++;
      else if (this.brackets > 0 && code === HASH) this.skipComment();
      else return;
    }
  }

  private skipJoin(): void {
    const next = this.text.charCodeAt(this.at + 1);
    if (next === NEWLINE) this.at += 2;
    else if (next === RETURN && this.text.charCodeAt(this.at + 2) === NEWLINE) this.at += 3;
    else this.fail();
  }

  protected skipComment(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 || end > this.limit ? this.limit : end;
  }

  /** Takes the character of that code if it is next. */
  protected takeCode(code: number): boolean {
    this.skip();
    if (this.code() !== code) return false;
    this.end = ++this.at;
    return true;
  }

  /** Takes `mark` if it is next; `mark` is one or two characters of punctuation. */
  protected take(mark: string): boolean {
    this.skip();
    if (!this.text.startsWith(mark, this.at) || this.at + mark.length > this.limit) return false;
    this.at += mark.length;
    this.end = this.at;
    return true;
  }

  protected expect(mark: string): void {
    if (!this.take(mark)) this.fail();
  }

  /** Takes a word if it is next, and not only the beginning of a longer one. */
  protected takeWord(word: string): boolean {
    this.skip();
    if (!this.isWord(word)) return false;
    this.at += word.length;
    this.end = this.at;
    return true;
  }

  protected isWord(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    return !isNameCode(this.text.charCodeAt(this.at + word.length));
  }

  /** A name; empty where none is next. */
  protected name(): string {
    this.skip();
    const start = this.at;
    let code = this.code();
    if (!isNameCode(code) || (code >= 48 && code <= 57)) return "";
    while (isNameCode(code)) code = ++this.at < this.limit ? this.text.charCodeAt(this.at) : -1;
    const quote = code === QUOTE || code === APOSTROPHE;
    if (quote && this.at - start <= 2 && /^[rbuft]{1,2}$/i.test(this.text.slice(start, this.at))) {
      this.at = start;
      return "";
    }
    this.end = this.at;
    return sharedText(this.text, start, this.at);
  }

  /** At the end of a statement: a line end, a comment, `;` or the end of the text. */
  protected isLineEnd(): boolean {
    this.skip();
    const code = this.code();
    return code === -1 || code === NEWLINE || code === RETURN || code === HASH || code === 59;
  }
}

/** Letters, digits and `_`; of other scripts, whatever is no ASCII. */
export function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code > 127
  );
}
