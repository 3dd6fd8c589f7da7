const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COLON = 58;

/** Of a value in a JSON text: where it begins, and where its members or items do. */
interface Place {
  /** Of the key for a member, of the value for an item. */
  readonly offset: number;
  /** Of the value. */
  readonly value: number;
  members?: Map<string, Place>;
}

/** Members are noted down to here in the pass over the whole text: `paths`, a path, its methods. */
const NOTED_AT_ONCE = 2;

/**
 * Where things stand in a text that JSON.parse has accepted. The text is walked once, at the first question, and no
 * further than what is asked for: two thirds of a document are its components, and most stand behind its paths. What
 * lies deeper than operations is walked when it is asked for, within its operation. Of two members of one name the
 * last counts, as for JSON.parse.
 */
export class JsonPlaces {
  readonly #text: string;
  #root: Place | undefined;
  #isWhole = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The offset of the longest beginning of `path` that there is: of its key, or of its value for items. */
  offsetOf(path: readonly string[]): number {
    return this.#placeOf(path).offset;
  }

  /** The offset at which the value begins. */
  valueOf(path: readonly string[]): number {
    return this.#placeOf(path).value;
  }

  #placeOf(path: readonly string[]): Place {
    const [first] = path;
    if (first === undefined) return this.#top();
    if (!this.#root?.members || (!this.#isWhole && !this.#root.members.has(first)))
      this.#root = this.#walked(this.#root === undefined ? first : undefined);
    let place = this.#root;
    for (const key of path) {
      place.members ??= this.#members(place.value, 0).members;
      const inner = place.members.get(key);
      if (!inner) return place;
      place = inner;
    }
    return place;
  }

  #top(): Place {
    const value = this.#skipBlank(0);
    return { offset: value, value };
  }

  #walked(until: string | undefined): Place {
    const { offset, value } = this.#top();
    const { members, stopped } = this.#members(value, NOTED_AT_ONCE, until);
    this.#isWhole = !stopped;
    return { offset, value, members };
  }

  /**
   * The members of the object or array at `start`, those inside of them down to `levels`, and where it ends; or, with
   * `until`, no more than up to the last of that name.
   */
  #members(
    start: number,
    levels: number,
    until?: string,
  ): { members: Map<string, Place>; end: number; stopped?: true } {
    const text = this.#text;
    const members = new Map<string, Place>();
    const opening = text.charCodeAt(start);
    if (opening !== OPEN_BRACE && opening !== OPEN_BRACKET) return { members, end: this.#skipValue(start) };
    const closing = opening === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
    let at = this.#skipBlank(start + 1);
    for (let index = 0; text.charCodeAt(at) !== closing && at < text.length; index++) {
      const offset = at;
      let key = String(index);
      if (opening === OPEN_BRACE) {
        const end = this.#skipString(at);
        key = unquoted(text.slice(at, end));
        at = end;
        while (text.charCodeAt(at) !== COLON) at++;
        at = this.#skipBlank(at + 1);
      }
      const place: Place = { offset, value: at };
      const first = text.charCodeAt(at);
      if (levels > 0 && (first === OPEN_BRACE || first === OPEN_BRACKET)) {
        const inner = this.#members(at, levels - 1);
        place.members = inner.members;
        at = inner.end;
      } else at = this.#skipValue(at);
      members.set(key, place);
      if (key === until && !text.includes(`"${until}"`, at)) return { members, end: at, stopped: true };
      at = this.#skipBlank(at);
      if (text.charCodeAt(at) !== closing) at = this.#skipBlank(at + 1);
    }
    return { members, end: at + 1 };
  }

  #skipBlank(start: number): number {
    let at = start;
    while (this.#text.charCodeAt(at) <= 32) at++;
    return at;
  }

  #skipString(start: number): number {
    const text = this.#text;
    for (let at = start + 1; ; at++) {
      at = text.indexOf('"', at);
      if (at < 0) return text.length;
      let slashes = 0;
      while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 0) return at + 1;
    }
  }

  #skipValue(start: number): number {
    const text = this.#text;
    let depth = 0;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at = this.#skipString(at) - 1;
        if (depth === 0) return at + 1;
      } else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
      } else if (depth === 0 && (code === 44 || code <= 32)) return at;
    }
    return text.length;
  }
}

function unquoted(literal: string): string {
  return literal.includes("\\") ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}
