import { Http2Error } from "./errors.ts";

/**
 * Lengths of the codes in bits, of the 256 octets and of EOS (RFC 7541, Appendix B). The code is canonical: shorter
 * ones come first, of one length those of lower symbols, each one more than the one before.
 */
const LENGTHS = expanded(
  "13 23 28*7 24 30 28*2 30 28*8 30 28*9 " +
    "6 10*2 12 13 6 8 11 10*2 8 11 8 6*3 5*3 6*7 7 8 15 6 12 10 " +
    "13 6 7*22 8 7 8 13 19 13 14 6 " +
    "15 5 6 5 6 5 6*3 5 7*2 6*3 5 6 7 6 5*2 6 7*5 15 11 14 13 28 " +
    "20 22 20*2 22*3 23 22 23*5 24 23 24*2 22 23 24 23*4 21 22 23 22 23*2 24 " +
    "22 21 20 22*2 23*2 21 23 22*2 24 21 22 23*2 21*2 22 21 23 22 23*2 20 22*3 23 22*2 23 " +
    "26*2 20 19 22 23 22 25 26*2 26 27*2 26 24 25 19 21 26 27*2 26 27 24 21*2 26*2 28 27*3 " +
    "20 24 20 21 22 21*2 23 22*2 25*2 24*2 26 23 26 27 26*2 27*5 28 27*5 26 " +
    "30",
);
const EOS = 256;
const LONGEST_PADDING = 7;

/** A node is a symbol, or the index of its two followers. */
type Node = { readonly symbol: number } | [Node | undefined, Node | undefined];

const ROOT = treeOf(LENGTHS);

/** Octets that a code stands for. Throws Http2Error where it is no code, or padded with other bits than EOS's first. */
export function huffmanDecode(input: Buffer): Buffer {
  const output: number[] = [];
  let node: Node = ROOT;
  let open = 0;
  let onlyOnes = true;
  for (const octet of input)
    for (let bit = 7; bit >= 0; bit--) {
      const value = (octet >> bit) & 1;
      const next: Node | undefined = (node as [Node?, Node?])[value];
      if (!next) throw broken();
      open++;
      onlyOnes &&= value === 1;
      node = next;
      if ("symbol" in next) {
        if (next.symbol === EOS) throw broken();
        output.push(next.symbol);
        node = ROOT;
        open = 0;
        onlyOnes = true;
      }
    }
  if (open > LONGEST_PADDING || !onlyOnes) throw broken();
  return Buffer.from(output);
}

function broken(): Http2Error {
  return new Http2Error("COMPRESSION_ERROR", "a header that is no Huffman code");
}

function expanded(text: string): number[] {
  return text.split(" ").flatMap((one) => {
    const [length, times = "1"] = one.split("*");
    return Array.from({ length: Number(times) }, () => Number(length));
  });
}

function treeOf(lengths: readonly number[]): Node {
  const root: [Node | undefined, Node | undefined] = [undefined, undefined];
  const symbols = lengths.map((length, symbol) => ({ length, symbol }));
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  let code = 0;
  let before = 0;
  for (const { length, symbol } of symbols) {
    // 2^30 is the longest: a shift of 32 bits is enough.
    code <<= length - before;
    before = length;
    place(root, code, length, symbol);
    code++;
  }
  return root;
}

function place(
  root: [Node | undefined, Node | undefined],
  code: number,
  length: number,
  symbol: number,
): void {
  let node = root;
  for (let bit = length - 1; bit > 0; bit--) {
    const value = (code >> bit) & 1;
    const next: Node = node[value] ?? [undefined, undefined];
    node[value] = next;
    node = next as [Node | undefined, Node | undefined];
  }
  node[code & 1] = { symbol };
}
