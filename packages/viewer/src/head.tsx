import type { PageData } from "./types.ts";

/** The verdict sentence and the grade. */
export function Head({ data }: { readonly data: PageData }) {
  const { grade, score, gradeWords, verdict, target, document: name, seed } = data;
  return (
    <header>
      {data.of === "scan" && (
        <div class={`grade grade-${grade ?? "none"}`} role="img" aria-label={gradeLabel(grade, score)}>
          <span aria-hidden="true">{grade ?? "–"}</span>
          <small aria-hidden="true">{score === null ? "no grade" : `${score} / 100`}</small>
        </div>
      )}
      <div class="verdict">
        <h1>{verdict}</h1>
        <p class="quiet">
          {gradeWords} · <code>{target}</code> · <code>{name}</code> · seed <code>{seed}</code>
        </p>
      </div>
    </header>
  );
}

function gradeLabel(grade: string | null, score: number | null): string {
  return grade === null ? "No grade" : `Grade ${grade}, ${score} of 100`;
}
