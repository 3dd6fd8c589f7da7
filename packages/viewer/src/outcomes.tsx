import type { ComponentChildren } from "preact";
import { Scroll } from "./scroll.tsx";
import type { OutcomeData } from "./types.ts";

/** Planned races that are no findings: what became of each, and why. */
export function Outcomes({
  id,
  title,
  outcomes,
  closed = false,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly outcomes: readonly OutcomeData[];
  /** Folded away until it is asked for. */
  readonly closed?: boolean;
  readonly children?: ComponentChildren;
}) {
  const table = (
    <Scroll label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">weakness</th>
            <th scope="col">operation</th>
            <th scope="col">what became of it</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.map((one) => (
            <tr key={`${one.weakness} ${one.operation}`}>
              <td>
                <code>{one.weakness}</code>
              </td>
              <td>
                <code>{one.operation}</code>
              </td>
              <td>
                {one.words}
                {one.notes.map((note) => (
                  <div key={note} class="quiet">
                    {note}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} <span class="count">{outcomes.length}</span>
      </h2>
      {children}
      {outcomes.length > 0 &&
        (closed ? (
          <details>
            <summary>Show them</summary>
            {table}
          </details>
        ) : (
          table
        ))}
    </section>
  );
}
