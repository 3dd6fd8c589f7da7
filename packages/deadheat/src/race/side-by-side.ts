/** Runs all of it, no more than `lanes` at once, in order. The first error ends what has not begun, and is thrown last. */
export async function sideBySide(work: readonly (() => Promise<void>)[], lanes: number): Promise<void> {
  const rest = [...work];
  const lane = async () => {
    for (let one = rest.shift(); one; one = rest.shift()) await one();
  };
  const failed = (error: unknown) => {
    rest.length = 0;
    throw error;
  };
  // What has begun is waited for: nothing goes on behind the back of whoever cleans up.
  const ended = await Promise.allSettled(Array.from({ length: lanes }, () => lane().catch(failed)));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
