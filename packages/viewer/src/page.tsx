import { Controls } from "./controls.tsx";
import { Findings } from "./findings.tsx";
import { Head } from "./head.tsx";
import { Outcomes } from "./outcomes.tsx";
import { Run } from "./run.tsx";
import type { PageData } from "./types.ts";

/** A scan, the verdict first. */
export function Page({ data }: { readonly data: PageData }) {
  const { outcomes } = data;
  const silent = outcomes.filter((one) => one.kind === "silent");
  const open = outcomes.filter((one) => one.kind === "open");
  const other = outcomes.filter((one) => one.kind === "other");
  const isScan = data.of === "scan";
  const sections = [
    ["findings", "Findings", data.findings.length],
    ["controls", "Controls", data.matrix.rows.length],
    ["not-judged", "Could not be judged", open.length + data.unjudged.length],
    ["not-observed", "Not observed", silent.length],
    ["not-applicable", "Not applicable", other.length],
  ] as const;
  // Of a race of the user's own what is empty says nothing.
  const isTold = (id: (typeof sections)[number][0]) =>
    isScan || id === "findings" || sections.some(([one, , count]) => one === id && count > 0);
  return (
    <>
      <a class="skip" href="#findings">
        Skip to the findings
      </a>
      <Head data={data} />
      <nav aria-label="Parts of the report">
        <ul>
          {sections
            .filter(([id]) => isTold(id))
            .map(([id, title, count]) => (
              <li key={id}>
                <a href={`#${id}`}>
                  {title} <span class="count">{count}</span>
                </a>
              </li>
            ))}
          <li>
            <a href="#run">The run</a>
          </li>
        </ul>
      </nav>
      <main>
        <Findings data={data} />
        {isTold("controls") && <Controls matrix={data.matrix} />}
        {isTold("not-judged") && (
          <Outcomes id="not-judged" title="Could not be judged" outcomes={open}>
            <p>These say nothing about the API, neither good nor bad. They earn nothing in the grade.</p>
            {data.unjudged.length > 0 && (
              <p>
                Nothing at all was judged of:{" "}
                {data.unjudged.map((one, index) => (
                  <>
                    {index > 0 && ", "}
                    <code key={one}>{one}</code>
                  </>
                ))}
                .
              </p>
            )}
          </Outcomes>
        )}
        {isTold("not-observed") && (
          <Outcomes id="not-observed" title="Not observed" outcomes={silent}>
            <p>
              Silence is worth what was tried: a bound of 4.9&nbsp;% means that fewer than 4.9&nbsp;% of such
              trials show the race, with 95&nbsp;% confidence. It does not mean that there is none.
            </p>
          </Outcomes>
        )}
        {isTold("not-applicable") && (
          <Outcomes id="not-applicable" title="Not applicable" outcomes={other} closed />
        )}
        <Run data={data} />
      </main>
    </>
  );
}
