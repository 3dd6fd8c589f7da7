/** One line of the table of fixes. */
export interface Fix {
  readonly id: string;
  readonly reach: string;
  readonly kind: string;
  readonly repository: string;
  readonly path: string;
  readonly function: string;
  /** Others that are as right to name, of the same file unless written `PATH:FUNCTION`. */
  readonly also: readonly string[];
  /** `full`, `partial`, `race-unfixed` or `safe`. */
  readonly quality: string;
}

export function readTable(text: string): Fix[] {
  const [head, ...lines] = text.trim().split("\n");
  const names = (head as string).split("\t");
  return lines.map((line) => {
    const cells = line.split("\t");
    const cell = (name: string) => cells[names.indexOf(name)] ?? "";
    return {
      id: cell("id"),
      reach: cell("reach"),
      kind: cell("class"),
      repository: cell("repo"),
      path: cell("path"),
      function: cell("function"),
      also: cell("also")
        .split(";")
        .map((one) => one.trim())
        .filter(Boolean),
      quality: cell("fix_quality"),
    };
  });
}
