import { Scroll } from "./scroll.tsx";
import type { PageData } from "./types.ts";

const LEGEND: readonly (readonly [string, string])[] = [
  ["✓", "as declared"],
  ["✗", "not in force"],
  ["!", "not as usual"],
  ["~", "2xx without the data or the effect"],
  ["?", "cannot be told"],
  ["", "not tested"],
];

/** What the document declares against what is in force, a row for each operation. */
export function Controls({ matrix }: { readonly matrix: PageData["matrix"] }) {
  const { heads, rows } = matrix;
  return (
    <section aria-labelledby="controls">
      <h2 id="controls">Controls</h2>
      {rows.length === 0 ? (
        <p>No operation was tested for the controls that it declares.</p>
      ) : (
        <>
          <Scroll label="Control matrix">
            <table class="matrix">
              <caption>What each operation answers to a call with …</caption>
              <thead>
                <tr>
                  <th scope="col">operation</th>
                  {heads.map(({ name, words }) => (
                    <th key={name} scope="col" title={words}>
                      <abbr title={words}>{name}</abbr>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.operation}>
                    <th scope="row">
                      <code>{row.operation}</code>
                    </th>
                    {row.reason !== undefined && row.cells.every((one) => one.mark === "") ? (
                      <td colSpan={heads.length}>{row.reason}</td>
                    ) : (
                      row.cells.map(({ mark, words }, at) => (
                        <td key={heads[at]?.name} class={CLASSES[mark] ?? ""} title={words}>
                          <span aria-hidden="true">{mark}</span>
                          <span class="hidden">{words}</span>
                        </td>
                      ))
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <p class="quiet">
            {LEGEND.map(([mark, words]) => `${mark === "" ? "blank" : mark} ${words}`).join(" · ")}
          </p>
          <ul>
            {matrix.remarks.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const CLASSES: Readonly<Record<string, string>> = {
  "✓": "right",
  "✗": "wrong",
  "!": "odd",
  "?": "odd",
  "~": "odd",
};
