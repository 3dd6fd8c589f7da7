import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/**
 * A check is over within seconds, and in each it meets code that it has not run before: what V8 optimises early it
 * throws away again. Fifteen times V8's own number of what a function runs (bytes of bytecode, later on calls) before it
 * is optimised: a fifth to two fifths of the processor's time less (docs/accuracy.md). Of what it does not know V8 complains.
 */
export function optimiseLate(): void {
  const major = Number(process.versions.node.split(".")[0]);
  if (major === 20) setFlagsFromString("--interrupt-budget=1000000");
  else if (major >= 22) setFlagsFromString("--invocation-count-for-turbofan=45000");
}

/** Bytes of both its halves. */
const YOUNG = 16 * 1024 * 1024;
/** Files from one look to the next. */
const STEP = 32;

/**
 * V8's young generation grows to 32 MB, and half of that is as fast here. How large it may become can only be said where
 * node starts; that it is to grow no further, at any time. To be called for each file.
 */
export function keepsYoungGenerationSmall(): () => void {
  let files = 0;
  let isKept = false;
  return () => {
    if (isKept || ++files % STEP !== 0) return;
    const young = getHeapSpaceStatistics().find((one) => one.space_name === "new_space");
    if (!young || young.space_size < YOUNG) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    isKept = true;
  };
}
