import type { PageData } from "./types.ts";

/** How the scan was run, and what kept it from doing harm. */
export function Run({ data }: { readonly data: PageData }) {
  return (
    <section aria-labelledby="run">
      <h2 id="run">The run</h2>
      <h3>Settings</h3>
      <Facts facts={data.settings} />
      <h3>Safety</h3>
      <Facts facts={data.safety} />
      <p class="quiet">
        Written by deadheat {data.version}. A report says what a scan showed on one day; it never says that an
        API is safe.
      </p>
    </section>
  );
}

function Facts({ facts }: { readonly facts: PageData["settings"] }) {
  return (
    <dl>
      {facts.map(({ name, values }) => (
        <div key={name}>
          <dt>{name}</dt>
          {values.map((one) => (
            <dd key={one}>{one}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
