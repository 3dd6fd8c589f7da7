/** Turns a function that emits into a stream that is read. Ending the stream early aborts nothing by itself. */
export async function* eventStream<E>(run: (emit: (event: E) => void) => Promise<void>): AsyncGenerator<E> {
  const queue: E[] = [];
  let wake: () => void = () => {};
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  const done = run((event) => {
    queue.push(event);
    wake();
  })
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      ended = true;
      wake();
    });
  for (;;) {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) yield event;
    if (ended) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  await done;
  if (failure) throw failure.error;
}
