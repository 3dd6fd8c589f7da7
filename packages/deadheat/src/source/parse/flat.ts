import type { Tree } from "web-tree-sitter";
import type { Grammar } from "./grammar.ts";

/**
 * The named nodes of a syntax tree in pre-order, in arrays: 15 bytes a node, so that a project's trees fit in
 * memory and the parser's own tree can be freed at once. Statements are made from it when they are asked for.
 */
export interface FlatTree {
  readonly size: number;
  readonly types: Uint16Array;
  readonly fields: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Index after the last descendant. */
  readonly afters: Int32Array;
  /** Spans that the grammar could not make sense of. */
  readonly errors: readonly { readonly start: number; readonly end: number }[];
}

class Growing {
  size = 0;
  types = new Uint16Array(1024);
  fields = new Uint8Array(1024);
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  afters = new Int32Array(1024);

  push(type: number, field: number, start: number, end: number): number {
    const at = this.size++;
    if (at === this.types.length) this.grow();
    this.types[at] = type;
    this.fields[at] = field;
    this.starts[at] = start;
    this.ends[at] = end;
    return at;
  }

  private grow(): void {
    const length = this.types.length * 2;
    const larger = <T extends Uint16Array | Uint8Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.types = larger(this.types, new Uint16Array(length));
    this.fields = larger(this.fields, new Uint8Array(length));
    this.starts = larger(this.starts, new Int32Array(length));
    this.ends = larger(this.ends, new Int32Array(length));
    this.afters = larger(this.afters, new Int32Array(length));
  }
}

/** Filled by one call of `flatten` at a time, and copied at its end. */
const scratch = new Growing();

/** Walks the tree once with one cursor. `shift` is added to all offsets (a chunk of a file). */
export function flatten(tree: Tree, grammar: Grammar, shift = 0): FlatTree {
  const out = scratch;
  out.size = 0;
  const errors: { start: number; end: number }[] = [];
  const { named, types: names } = grammar;
  const extras = [names.indexOf("comment"), names.indexOf("line_continuation")];
  const cursor = tree.walk();
  /** Indices of the open ancestors; -1 for an anonymous one. */
  const open: number[] = [];
  for (;;) {
    const type = cursor.nodeTypeId;
    const kept = (named[type] ?? true) && !extras.includes(type);
    let at = -1;
    if (kept) {
      const start = cursor.startIndex + shift;
      const end = cursor.endIndex + shift;
      at = out.push(type, cursor.currentFieldId, start, end);
      // ERROR has no entry in the grammar's table of types.
      if (names[type] === undefined || names[type] === "ERROR") errors.push({ start, end });
    }
    if (kept && cursor.gotoFirstChild()) {
      open.push(at);
      continue;
    }
    if (at >= 0) out.afters[at] = out.size;
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) {
        cursor.delete();
        return finished(out, errors);
      }
      const parent = open.pop()!;
      if (parent >= 0) out.afters[parent] = out.size;
    }
  }
}

function finished(out: Growing, errors: FlatTree["errors"]): FlatTree {
  return {
    size: out.size,
    types: out.types.slice(0, out.size),
    fields: out.fields.slice(0, out.size),
    starts: out.starts.slice(0, out.size),
    ends: out.ends.slice(0, out.size),
    afters: out.afters.slice(0, out.size),
    errors,
  };
}
