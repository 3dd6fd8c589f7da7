import { useState } from "preact/hooks";

/** Puts a text where it can be pasted from, and says so. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    setSaid((await copied(text)) ? "copied" : "could not be copied");
    setTimeout(() => setSaid(""), 2000);
  };
  return (
    <span class="copy">
      <button type="button" onClick={copy}>
        Copy {what}
      </button>{" "}
      <span role="status">{said}</span>
    </span>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** For browsers that keep the clipboard from pages opened from disk. */
function copiedBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
