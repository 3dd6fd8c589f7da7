import pc from "picocolors";

interface Look {
  /** Characters a line, where words allow it. */
  readonly width: number;
  readonly color: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

/** A page of our own documentation for a terminal: headings, paragraphs, lists, tables and code. */
export function markdownText(text: string, { width, color }: Look): string {
  const colors = pc.createColors(color);
  return blocksOf(text)
    .map((block) => shown(block, width, colors))
    .join("\n\n");
}

/** Parts between empty lines; a fenced block is one part with its empty lines. */
function blocksOf(text: string): string[][] {
  const blocks: string[][] = [[]];
  let fenced = false;
  for (const line of text.trimEnd().split("\n")) {
    if (line.startsWith("```")) {
      if (!fenced) blocks.push([]);
      blocks.at(-1)?.push(line);
      if (fenced) blocks.push([]);
      fenced = !fenced;
    } else if (fenced) blocks.at(-1)?.push(line);
    else if (line.trim() === "") blocks.push([]);
    else if (line.startsWith("#")) blocks.push([line], []);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((one) => one.length > 0);
}

function shown(block: readonly string[], width: number, color: Colors): string {
  const [first = ""] = block;
  if (first.startsWith("```"))
    return block
      .slice(1, -1)
      .map((line) => color.dim(`    ${line}`.trimEnd()))
      .join("\n");
  if (first.startsWith("#")) return color.bold(inline(first.replace(/^#+\s*/, ""), color));
  if (first.startsWith("|")) return tableText(block, color);
  if (/^\s*(?:[-*]|\d+\.) /.test(first)) return listText(block, width, color);
  return wrap(block.join(" "), width, "")
    .map((line) => inline(line, color))
    .join("\n");
}

function listText(block: readonly string[], width: number, color: Colors): string {
  const items: string[] = [];
  for (const line of block) {
    if (/^\s*(?:[-*]|\d+\.) /.test(line)) items.push(line);
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return items
    .flatMap((item) => {
      const [, indent = "", mark = "", text = ""] = /^(\s*)([-*]|\d+\.) (.*)$/.exec(item) ?? [];
      const head = `${indent}  ${mark === "*" ? "-" : mark} `;
      return wrap(text, width - head.length, " ".repeat(head.length)).map((line, at) =>
        inline(at === 0 ? head + line : line, color),
      );
    })
    .join("\n");
}

/** Columns as wide as their widest cell; what is empty in all rows is left out. */
function tableText(block: readonly string[], color: Colors): string {
  const rows = block
    .filter((line) => !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|$/g, "")
        .split(/(?<!\\)\|/)
        .map((cell) => inline(cell.trim().replaceAll("\\|", "|"), NO_COLOR)),
    )
    .filter((row) => row.some((cell) => cell !== ""));
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows
    .map((row) => {
      const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)));
      const [head = "", ...rest] = cells;
      return `  ${[color.dim(head), ...rest].join("  ")}`.trimEnd();
    })
    .join("\n");
}

const NO_COLOR = pc.createColors(false);

/** `**bold**`, `code` and links, as a terminal can show them. */
function inline(text: string, color: Colors): string {
  return text
    .replace(/\[([^\]]+)\]\(([^)]*)\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, (_, inner: string) => color.bold(inner))
    .replace(/`([^`]+)`/g, (_, inner: string) => color.cyan(inner))
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, "$1");
}

function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, at) => (at === 0 ? one : indent + one));
}
