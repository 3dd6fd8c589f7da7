import { expect, it } from "vitest";
import { markdownText } from "./markdown.ts";

const PAGE = `# lost-update

A value is read, changed and written: **two** do so at once and \`one\` is lost
([RFC 9110](https://example.org)).

| | |
|---|---|
| CWE | 362, 820 |
| Form of proof | history |

## How to fix it
- let the database add, or lock the row
  before it is read
- nothing else

\`\`\`python
with atomic():

    save()
\`\`\`
`;

it("is told as a terminal can show it", () => {
  expect(markdownText(PAGE, { width: 40, color: false })).toMatchInlineSnapshot(`
    "lost-update

    A value is read, changed and written:
    two do so at once and one is lost
    (RFC 9110).

      CWE            362, 820
      Form of proof  history

    How to fix it

      - let the database add, or lock the
        row before it is read
      - nothing else

        with atomic():

            save()"
  `);
});

it("has no escapes without colour, and some with it", () => {
  expect(markdownText(PAGE, { width: 80, color: false })).not.toContain("\u001b");
  expect(markdownText(PAGE, { width: 80, color: true })).toContain("\u001b[1mtwo\u001b[22m");
});
