/** What the reader moved to: a step of the order, or a call. */
export type Aim = "step" | "call";

/** Scrolls a drawing that is larger than its box, as on a phone, to what it is about now. */
export function reveal(box: Element, aim: Aim): void {
  const mark = aim === "call" ? box.querySelector(".bar.chosen") : stepIn(box);
  if (!mark) return;
  const at = mark.getBoundingClientRect();
  const view = box.getBoundingClientRect();
  // Of a bar that is longer than the box its beginning, where its label is.
  const right = Math.min(at.right, at.left + view.width / 2);
  if (at.left < view.left || right > view.right)
    box.scrollLeft += (at.left + right) / 2 - (view.left + view.right) / 2;
  if (at.top < view.top || at.bottom > view.bottom)
    box.scrollTop += (at.top + at.bottom) / 2 - (view.top + view.bottom) / 2;
}

function stepIn(box: Element): Element | undefined {
  return box.querySelector(".stuck circle") ?? [...box.querySelectorAll(".point.made circle")].at(-1);
}
