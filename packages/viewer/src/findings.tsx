import { Finding } from "./finding.tsx";
import type { PageData } from "./types.ts";

/** Findings by weakness, worst first. */
export function Findings({ data }: { readonly data: PageData }) {
  const { findings, weaknesses } = data;
  const ids = [...new Set(findings.map((one) => one.weakness))];
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.length === 0 && (
        <p>
          Nothing was proven. That is no proof that nothing is there: see what was tried, and what was not.
        </p>
      )}
      {ids.map((id) => {
        const weakness = weaknesses[id];
        return (
          <section key={id} class="weakness" aria-labelledby={`weakness-${id}`}>
            <h3 id={`weakness-${id}`}>
              <code>{id}</code> {weakness?.title}
            </h3>
            {weakness && (
              <p class="quiet">
                {weakness.facts}. <strong>Fix:</strong> {weakness.fix}. More:{" "}
                <code>deadheat explain {id}</code>
              </p>
            )}
            {findings
              .filter((one) => one.weakness === id)
              .map((one) => (
                <Finding key={one.id} finding={one} target={data.target} />
              ))}
          </section>
        );
      })}
    </section>
  );
}
